import { init } from 'supertokens-node';
import Session from 'supertokens-node/recipe/session';
import UserMetadata from 'supertokens-node/recipe/usermetadata';
import type { Logger } from '@fowergram/service-kit';
import type { Config } from '../config.js';
import type { Revocations } from '../realtime/revocations.js';
import type { Profiles } from './profiles.js';
import { emailPasswordRecipe } from './sign-up.js';

/** Starts the auth SDK; it is one per process by its own design. */
export function startAuth(config: Config, parts: { profiles: Profiles; revocations: Revocations; log: Logger }): void {
  const { profiles, revocations, log } = parts;
  init({
    framework: 'fastify',
    telemetry: false,
    supertokens: { connectionURI: config.SUPERTOKENS_CONNECTION_URI, ...(config.SUPERTOKENS_API_KEY ? { apiKey: config.SUPERTOKENS_API_KEY } : {}) },
    appInfo: { appName: config.APP_NAME, apiDomain: config.API_DOMAIN, websiteDomain: config.WEBSITE_DOMAIN, apiBasePath: '/auth' },
    recipeList: [emailPasswordRecipe(profiles, log), sessionRecipe(revocations), UserMetadata.init()],
  });
}

function sessionRecipe(revocations: Revocations): ReturnType<typeof Session.init> {
  return Session.init({
    override: {
      functions: (original) => ({
        ...original,
        revokeSession: async (input) => {
          const existed = await original.revokeSession(input);
          revocations.announce([input.sessionHandle]);
          return existed;
        },
        revokeMultipleSessions: async (input) => {
          const handles = await original.revokeMultipleSessions(input);
          revocations.announce(input.sessionHandles);
          return handles;
        },
        revokeAllSessionsForUser: async (input) => {
          const handles = await original.revokeAllSessionsForUser(input);
          revocations.announce(handles);
          return handles;
        },
      }),
    },
  });
}
