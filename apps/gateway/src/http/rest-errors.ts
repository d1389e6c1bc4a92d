import type { FastifyReply } from 'fastify';
import { AppError, type ErrorCode, errorCatalogue, type ErrorDetails } from '@fowergram/contracts-core';

/** When a repeat makes sense where nothing better is known. */
export const RETRY_AFTER_SECONDS = 5;

/** What we say for a status that a framework chose; its own words may repeat what the client sent. */
const words: Record<number, [ErrorCode, string]> = {
  401: ['UNAUTHENTICATED', 'Sign in to do this.'],
  403: ['FORBIDDEN', 'This is not allowed.'],
  404: ['NOT_FOUND', 'There is no such endpoint.'],
  405: ['BAD_USER_INPUT', 'This endpoint is not for that method: see the header Allow.'],
  408: ['BAD_USER_INPUT', 'The request did not arrive in time.'],
  413: ['PAYLOAD_TOO_LARGE', 'The request is too large.'],
  414: ['BAD_USER_INPUT', 'The address is too long.'],
  415: ['BAD_USER_INPUT', 'Please send JSON.'],
  429: ['RATE_LIMITED', 'Too many requests.'],
  431: ['PAYLOAD_TOO_LARGE', 'The headers of the request are too large.'],
  503: ['UNAVAILABLE', 'Please try again.'],
};

/** What an error says of itself. */
export interface RestError extends ErrorDetails {
  code: ErrorCode;
  message: string;
}

/** The typed error for a status. */
export function errorOfStatus(status: number, cause?: unknown): AppError {
  const [code, message] =
    words[status] ??
    (status < 500
      ? (['BAD_USER_INPUT', 'The request was not understood.'] as const)
      : (['INTERNAL', 'Something went wrong on our side.'] as const));
  return new AppError(code, message, {}, { cause });
}

/** What an error says to clients; `retryAfterSeconds` is there whenever a repeat makes sense. */
export function restError({ code, message, details }: AppError): RestError {
  const retryAfterSeconds = details.retryAfterSeconds ?? (code === 'UNAVAILABLE' ? RETRY_AFTER_SECONDS : undefined);
  return { code, message, ...details, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

/** Answers with an error; `status` keeps a finer HTTP status, such as 415. */
export function sendError(reply: FastifyReply, error: AppError, status = 500): FastifyReply {
  const body = restError(error);
  if (body.retryAfterSeconds !== undefined) reply.header('retry-after', body.retryAfterSeconds);
  if (error.code === 'UNAUTHENTICATED') challenge(reply);
  return reply.code(status < 500 ? status : errorCatalogue[error.code]).send(body);
}

/** How a client may show who it is: every 401 says so (RFC 9110), and whether the token that it sent was the reason (RFC 6750). */
export function challenge(reply: FastifyReply): FastifyReply {
  const hasToken = reply.request.headers.authorization !== undefined;
  return reply.header('www-authenticate', hasToken ? 'Bearer error="invalid_token"' : 'Bearer');
}

/** The error for a method that an address is not served by, where it is served by others. */
export function refuseMethod(reply: FastifyReply, allow: string): FastifyReply {
  return sendError(reply.header('allow', allow), errorOfStatus(405), 405);
}
