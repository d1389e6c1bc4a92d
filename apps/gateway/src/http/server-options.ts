import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import { answerRaw } from './raw-answer.js';
import { chooseCorrelationId, CORRELATION_HEADER } from './correlation-id.js';
import { errorBody } from './error-form.js';
import { errorOfStatus, restError } from './rest-errors.js';
import { isRestAddress, PROBLEM_TYPE, problemOf } from '../rest/problem.js';
import { securityHeaders } from './security-headers.js';

/** How long and how much a client may send. docs/limits.md has the reasons. */
export const SERVER_LIMITS = {
  bodyBytes: 64 * 1_024,
  headerBytes: 16 * 1_024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 75_000,
  checkIntervalMs: 5_000,
  connections: 10_000,
};

/** The HTTP server that clients reach: its bounds, whose X-Forwarded-For is believed, and what it answers to what is no proper request. */
export function serverOptions(config: Config): FastifyHttpOptions<Server> {
  const headers = securityHeaders(config);
  return {
    trustProxy: config.TRUSTED_PROXIES ?? false,
    rewriteUrl: ({ url = '/' }) => pathOf(url),
    bodyLimit: SERVER_LIMITS.bodyBytes,
    requestTimeout: SERVER_LIMITS.requestTimeoutMs,
    keepAliveTimeout: SERVER_LIMITS.keepAliveTimeoutMs,
    forceCloseConnections: 'idle',
    http: {
      // answerBareRequests refuses it, in the form of all errors.
      requireHostHeader: false,
      maxHeaderSize: SERVER_LIMITS.headerBytes,
      headersTimeout: SERVER_LIMITS.headersTimeoutMs,
      connectionsCheckingInterval: SERVER_LIMITS.checkIntervalMs,
    },
    // ConnectionDrainService answers instead, in the form of all errors.
    return503OnClosing: false,
    // A URL that cannot be decoded reaches no hook and no route.
    frameworkErrors: (error, request, reply) => answerUnrouted(error, request, reply, headers),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, headers),
  };
}

/** A request that names the whole address (absolute form, RFC 9112) is one for its path: whoever looks at the address sees no other. */
const pathOf = (target: string): string => target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/^(?!\/)/, '/');

function answerUnrouted(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
): void {
  const status = error.statusCode ?? 400;
  const correlationId = chooseCorrelationId(request.headers);
  const failure = restError(errorOfStatus(status, error));
  void reply
    .headers({ ...headers, [CORRELATION_HEADER]: correlationId, 'content-type': PROBLEM_TYPE })
    .code(status)
    .send((isRestAddress(request.url) ? problemOf : errorBody)(failure, status, correlationId));
}

/** What Node could not read as HTTP, found too large, or waited for in vain. */
function answerClientError(error: { code?: string }, socket: Socket, headers: Readonly<Record<string, string>>): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }[error.code ?? ''] ?? 400;
  answerRaw(socket, status, headers);
}
