import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Error as AuthError } from 'supertokens-node';
import { errorHandler, plugin } from 'supertokens-node/framework/fastify';
import type { Logger } from '@fowergram/service-kit';

type AnyPlugin = Parameters<FastifyInstance['register']>[0];
const answer = errorHandler() as unknown as (error: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Answers the auth library's own errors (401 "try refresh token" and its kin) the way its clients expect; false for all others. */
export async function answerSessionError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  if (!AuthError.isErrorFromSuperTokens(error)) return false;
  await answer(error, request, reply);
  return true;
}

/** /auth/*: the SDK's own endpoints. It works as a hook, so it is kept to this prefix and costs other requests nothing. */
export function authRoutes(log: Logger) {
  return async (app: FastifyInstance): Promise<void> => {
    app.setErrorHandler(async (error, request, reply) => {
      if (await answerSessionError(error, request, reply)) return reply;
      const status = (error as { statusCode?: number }).statusCode ?? 500;
      if (status < 500) return reply.code(status).send({ code: 'BAD_USER_INPUT', message: (error as Error).message });
      // The SDK has errors of its own for everything that is the client's fault: what is left is a core that does not answer.
      log.error({ err: error, url: request.url.split('?')[0] }, 'auth core failed');
      return reply.code(503).send({ code: 'UNAVAILABLE', message: 'Signing in does not work at the moment. Please try again.' });
    });
    await app.register(plugin as unknown as AnyPlugin);
    app.all('/auth/*', (_request, reply) => reply.code(404).send({ code: 'NOT_FOUND', message: 'There is no such endpoint.' }));
  };
}
