import type { RecipeInterface } from 'supertokens-node/recipe/session';
import { AppError } from '@fowergram/contracts-core';
import type { AccountState } from '@fowergram/contracts-user';
import type { RecipeDependencies } from '../supertokens/recipe-dependencies.js';
import { requestOf } from '../supertokens/request-client.js';
import { isSignedIn, progressAtSignIn } from '../second-factor/second-factor-claim.service.js';
import { signInContext } from '../supertokens/sign-in-context.js';

type CreateSession = RecipeInterface['createNewSession'];

/** Makes the session of somebody who has shown who they are. When anything fails, no token has left and no session stays. */
export function createSession(
  original: RecipeInterface,
  { accountStates, secondFactorClaim, completion, log }: RecipeDependencies,
): CreateSession {
  return async (input) => {
    const { userId, userContext } = input;
    const before = await accountStates.admit(userId);
    const progress = progressAtSignIn(before);
    const { method = null, isNewAccount = false, passwordShownAt } = signInContext(userContext);
    const signIn = { method, outcome: isNewAccount ? 'SIGNED_UP' : 'SIGNED_IN' } as const;
    const session = await original.createNewSession({
      ...input,
      accessTokenPayload: {
        ...(input.accessTokenPayload as object),
        ...secondFactorClaim.payload(progress),
        role: before.role,
      },
      sessionDataInDatabase: { ...(input.sessionDataInDatabase as object), signIn },
    });
    const handle = session.getHandle();
    try {
      const accountState = await accountStates.admit(userId);
      refuseChange(before, accountState);
      refuseFormerPassword(accountState, passwordShownAt);
      const request = requestOf(userContext);
      if (isSignedIn(progress)) {
        await accountStates.reactivate(accountState);
        if (request) await completion.complete({ userId, handle, ...signIn }, request);
      }
      return session;
    } catch (error) {
      await original
        .revokeSession({ sessionHandle: handle, userContext })
        .catch((failure: unknown) =>
          log.error({ err: failure, userId }, 'session left behind that nobody has a token of'),
        );
      throw error;
    }
  };
}

/**
 * A ban, another role or a new second factor ends the sessions that it finds when it has been committed. The one that is made
 * here may not have been there yet; but then the commit came before the second question, which sees it. A commit that comes
 * after the second question finds the session.
 */
function refuseChange(before: AccountState, now: AccountState): void {
  if (before.role === now.role && before.secondFactor === now.secondFactor) return;
  throw changedJustNow();
}

/** The password that was shown at this time may be the former one. */
function refuseFormerPassword({ passwordChangedAt }: AccountState, shownAt: number | undefined): void {
  if (shownAt !== undefined && passwordChangedAt !== undefined && Date.parse(passwordChangedAt) >= shownAt)
    throw changedJustNow();
}

const changedJustNow = (): AppError =>
  new AppError('UNAVAILABLE', 'Your account was changed just now. Please sign in again.', { retryAfterSeconds: 1 });
