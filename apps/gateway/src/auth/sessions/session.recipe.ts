import Session, { type RecipeInterface } from 'supertokens-node/recipe/session';
import type { RecipeDependencies } from '../supertokens/recipe-dependencies.js';
import { isForeignOrigin } from './origins.rules.js';
import { getOwnSession } from './session-issuer.js';
import { refreshSession } from './session-refresh.js';
import { createSession } from './session-start.js';
import { onTokenTheft } from './session-theft.js';

/** Sessions: who may begin and go on with one, what it says of its owner, and word going round when it ends. */
export function sessionRecipe(deps: RecipeDependencies): ReturnType<typeof Session.init> {
  const { config, secondFactorClaim } = deps;
  return Session.init({
    antiCsrf: 'VIA_CUSTOM_HEADER',
    ...(config.COOKIE_DOMAIN === undefined ? {} : { cookieDomain: config.COOKIE_DOMAIN }),
    ...(config.OLDER_COOKIE_DOMAIN === undefined ? {} : { olderCookieDomain: config.OLDER_COOKIE_DOMAIN }),
    // A foreign page neither uses the cookies of its visitors nor gets any.
    getTokenTransferMethod: ({ req, forCreateNewSession }) => {
      if (isForeignOrigin(req.getHeaderValue('origin'), config)) return 'header';
      const wished = req.getHeaderValue('st-auth-mode');
      return forCreateNewSession && (wished === 'cookie' || wished === 'header') ? wished : 'any';
    },
    errorHandlers: { onTokenTheftDetected: onTokenTheft(deps) },
    override: {
      functions: (original) => ({
        ...original,
        ...announcing(original, deps),
        getSession: getOwnSession(original, config),
        createNewSession: createSession(original, deps),
        refreshSession: refreshSession(original, deps),
        getGlobalClaimValidators: async (input) => [
          ...(await original.getGlobalClaimValidators(input)),
          secondFactorClaim.validator(),
        ],
      }),
    },
  });
}

type Ending = 'revokeSession' | 'revokeMultipleSessions' | 'revokeAllSessionsForUser';

/** The word goes round first: were the answer of the core lost, nobody could tell any more which sessions there have been. */
function announcing(original: RecipeInterface, { revokedSessions }: RecipeDependencies): Pick<RecipeInterface, Ending> {
  return {
    revokeSession: async (input) => {
      await revokedSessions.announce([input.sessionHandle]);
      return original.revokeSession(input);
    },
    revokeMultipleSessions: async (input) => {
      await revokedSessions.announce(input.sessionHandles);
      return original.revokeMultipleSessions(input);
    },
    revokeAllSessionsForUser: async (input) => {
      const known = await original.getAllSessionHandlesForUser({
        ...input,
        fetchSessionsForAllLinkedAccounts: input.revokeSessionsForLinkedAccounts,
        fetchAcrossAllTenants: input.revokeAcrossAllTenants ?? true,
      });
      await revokedSessions.announce(known);
      const handles = await original.revokeAllSessionsForUser(input);
      await revokedSessions.announce(handles.filter((handle) => !known.includes(handle)));
      return handles;
    },
  };
}
