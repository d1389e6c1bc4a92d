import Session from 'supertokens-node/recipe/session';
import type { AuthParts } from './auth-parts.js';

/** Sessions, with word going round when one ends. */
export function sessionRecipe({ revocations }: AuthParts): ReturnType<typeof Session.init> {
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
