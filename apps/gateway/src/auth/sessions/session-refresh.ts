import { Error as SessionError, type RecipeInterface, type SessionContainer } from 'supertokens-node/recipe/session';
import { AppError } from '@fowergram/contracts-core';
import type { AccountStatus } from '@fowergram/contracts-user';
import type { RecipeDependencies } from '../supertokens/recipe-dependencies.js';
import { clientOf, requestOf } from '../supertokens/request-client.js';
import { isSignedIn } from '../second-factor/second-factor-claim.service.js';
import { issueHere } from './session-issuer.js';

type RefreshSession = RecipeInterface['refreshSession'];

/** Goes on with a session, and not with that of a restricted account. */
export function refreshSession(original: RecipeInterface, deps: RecipeDependencies): RefreshSession {
  return async (input) => {
    const session = await original.refreshSession(input);
    const [userId, handle] = [session.getUserId(), session.getHandle()];
    // What was ended while the core did not answer ends there now.
    if (deps.revokedSessions.isRevoked(handle) || isOver(await statusOf(session, deps), session, deps)) {
      await deps.revokedSessions.announce([handle]);
      await original.revokeSession({ sessionHandle: handle, userContext: input.userContext });
      throw new SessionError({
        type: SessionError.UNAUTHORISED,
        message: 'The session has ended.',
        payload: { clearTokens: true },
      });
    }
    await issueHere(session, deps.config, input.userContext);
    const request = requestOf(input.userContext);
    if (request) void deps.signInHistory.touch(userId, handle, clientOf(request));
    return session;
  };
}

/** Asked anew, since here it costs little beside the core; sessions go on while the user service is away, as far as this process knows. */
async function statusOf(
  session: SessionContainer,
  { accountStates, denylist }: RecipeDependencies,
): Promise<AccountStatus> {
  try {
    return (await accountStates.of(session.getUserId())).status;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return denylist.restrictionOf({ userId: session.getUserId(), issuedAt: Date.now() }) ?? 'ACTIVE';
  }
}

/** A half-signed-in session of a deactivated account is about to reactivate it. */
function isOver(status: AccountStatus, session: SessionContainer, { secondFactorClaim }: RecipeDependencies): boolean {
  return status === 'DEACTIVATED'
    ? isSignedIn(secondFactorClaim.of(session.getAccessTokenPayload()))
    : status !== 'ACTIVE';
}
