import type { FastifyRequest } from 'fastify';
import Session from 'supertokens-node/recipe/session';
import type { RecipeDependencies } from '../supertokens/recipe-dependencies.js';
import { clientOf } from '../supertokens/request-client.js';

type SessionConfig = NonNullable<Parameters<typeof Session.init>[0]>;
type OnTokenTheft = NonNullable<NonNullable<SessionConfig['errorHandlers']>['onTokenTheftDetected']>;

/** A refresh token that was used up came again: it was copied. The session is over for whoever has it, and its owner hears of it. */
export function onTokenTheft({
  revokedSessions,
  signInHistory,
  securityEmails,
  log,
}: RecipeDependencies): OnTokenTheft {
  const notifyOwner = async (userId: string, request: FastifyRequest): Promise<void> => {
    const client = clientOf(request);
    const { device } = await signInHistory.record({
      userId,
      client,
      method: null,
      outcome: 'TOKEN_REUSED',
      sessionHandle: null,
    });
    securityEmails.sessionTheft(userId, device, client);
  };
  return async (handle, userId, _recipeUserId, request, response, userContext) => {
    log.warn({ userId, handle }, 'refresh token came twice, session ended');
    // First, so that the access tokens are dead even if the core cannot be reached any more.
    await revokedSessions.announce([handle]);
    await Session.revokeSession(handle, userContext);
    await notifyOwner(userId, request.original as FastifyRequest);
    response.setStatusCode(401);
    response.sendJSONResponse({ message: 'token theft detected' });
  };
}
