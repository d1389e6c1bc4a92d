import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode, ErrorDetails } from '@fowergram/contracts-core';
import { correlationIdOf } from './correlation-id.js';
import { isRestAddress, PROBLEM_TYPE, problemOf } from '../rest/problem.js';
import { errorOfStatus, type RestError } from './rest-errors.js';

/** The form of errors of GraphQL. */
export interface ErrorForm {
  errors: [{ message: string; extensions: ErrorDetails & { code: ErrorCode; correlationId: string } }];
}

/** The form of an error; what it does not say of itself, its status does. */
export function errorForm(error: Partial<RestError>, status: number, correlationId: string): ErrorForm {
  const fallback = errorOfStatus(status);
  const { code = fallback.code, message = fallback.message, path, reason, retryAfterSeconds } = error;
  return { errors: [{ message, extensions: { code, path, reason, retryAfterSeconds, correlationId } }] } as ErrorForm;
}

/**
 * Outside of GraphQL and REST an error is a problem (RFC 9457) that has its form in GraphQL as well, and its fields: the clients of the auth
 * library read `message` there.
 */
export const errorBody = (error: Partial<RestError>, status: number, correlationId: string) => ({
  ...error,
  ...problemOf(error, status, correlationId),
  ...errorForm(error, status, correlationId),
});

/** Brings whatever is refused into the one form, also what the auth library or the framework answers by itself. */
export function formErrors(server: FastifyInstance, graphqlPath: string): void {
  server.addHook('preSerialization', (request, reply, payload, done) => {
    done(null, reply.statusCode < 400 ? payload : bodyFor(request, reply, payload as Partial<RestError>, graphqlPath));
  });
}

function bodyFor(request: FastifyRequest, reply: FastifyReply, error: Partial<RestError>, graphqlPath: string): object {
  if (isRestAddress(request.url)) {
    reply.header('content-type', PROBLEM_TYPE);
    return problemOf(error, reply.statusCode, correlationIdOf(reply));
  }
  if ('errors' in error) return error;
  const [status, correlationId] = [reply.statusCode, correlationIdOf(reply)];
  const isGraphql = request.url.split('?', 1)[0] === graphqlPath;
  // An answer of GraphQL has no fields beside `errors`; those of the auth library are for its own clients.
  if (isGraphql && error.code !== undefined) return errorForm(error, status, correlationId);
  if (!isGraphql) reply.header('content-type', PROBLEM_TYPE);
  return errorBody(error, status, correlationId);
}
