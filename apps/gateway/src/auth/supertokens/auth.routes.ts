import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { Error as AuthError } from 'supertokens-node';
import { errorHandler, plugin } from 'supertokens-node/framework/fastify';
import { Error as SessionError } from 'supertokens-node/recipe/session';
import { AppError } from '@fowergram/contracts-core';
import type { Logger } from '@fowergram/service-kit';
import { prepareRequests } from './prepare-requests.js';
import { signInUnavailable } from './core.js';
import type { AllowedMethodsService } from '../../http/allowed-methods.service.js';
import { challenge, errorOfStatus, refuseMethod, sendError } from '../../http/rest-errors.js';
import type { RateLimitsService } from '../../limits/rate-limits.service.js';
import type { AuthLimitsService } from '../limits/auth-limits.service.js';
import { methodsOf } from '../limits/endpoints.rules.js';
import { limitAttempts } from '../limits/limit-attempts.js';
import type { OwnOrigins } from '../sessions/origins.rules.js';
import { refuseTwoTokens, spellScheme } from '../sessions/tokens.rules.js';

type AnyPlugin = Parameters<FastifyInstance['register']>[0];
const answer = errorHandler() as unknown as (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<void>;

/** How the SDK words an answer of the core that says: bad input. */
const CORE_REJECTED = /status code: 400 and message:/;

export interface AuthRoutesOptions {
  log: Logger;
  limits: AuthLimitsService;
  requests: RateLimitsService;
  methods: AllowedMethodsService;
  ownOrigins: OwnOrigins;
  /** What we serve under /auth ourselves, under the same limits and with the same errors. */
  routes?: FastifyPluginCallback[];
}

/** Answers the auth library's own errors (401 "try refresh token" and its kin) the way its clients expect; false for all others. */
export async function answerSessionError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  if (!AuthError.isErrorFromSuperTokens(error)) return false;
  if (error.type !== SessionError.INVALID_CLAIMS) challenge(reply);
  await answer(error, request, reply);
  return true;
}

/** /auth/*: the SDK's own endpoints and a few of ours. The SDK works as a hook, so it is kept to this prefix and costs other requests nothing. */
export function authRoutes({ log, limits, methods, requests, ownOrigins, routes = [] }: AuthRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    app.setErrorHandler(async (error, request, reply) => {
      if (await answerSessionError(error, request, reply)) return reply;
      return sendError(reply, toAppError(error, request, log), (error as { statusCode?: number }).statusCode);
    });
    app.addHook('onRequest', async (request) => {
      refuseTwoTokens(request);
      spellScheme(request);
    });
    // Most of them the SDK answers by itself.
    app.addHook('onSend', (_request, reply, payload, done) => {
      if (reply.statusCode === 401) challenge(reply);
      done(null, payload);
    });
    prepareRequests(app, ownOrigins);
    const isBeingSent = limitAttempts(app, limits, requests);
    await app.register(plugin as unknown as AnyPlugin);
    for (const route of routes) await app.register(route);
    app.all('/auth/*', (request, reply) => {
      // The SDK's hook is over before its answer has left: what waits for its tick must not be answered a second time.
      if (isBeingSent(request)) return;
      const allow = methods.of(request.url, methodsOf(request.url));
      if (allow !== '' && !allow.split(', ').includes(request.method)) return void refuseMethod(reply, allow);
      void sendError(reply, new AppError('NOT_FOUND', 'There is no such endpoint.'));
    });
  };
}

function toAppError(error: unknown, request: FastifyRequest, log: Logger): AppError {
  if (error instanceof AppError) return error;
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode < 500) return errorOfStatus(statusCode, error);
  log.error({ err: error, url: request.url.split('?')[0] }, 'auth core failed');
  if (CORE_REJECTED.test(message)) return new AppError('BAD_USER_INPUT', 'The request was not understood.');
  // The SDK has errors of its own for everything that is the client's fault: what is left is a core that does not answer.
  return signInUnavailable(error);
}
