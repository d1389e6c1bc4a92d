import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { getAllCORSHeaders } from 'supertokens-node';
import type { AllowedMethodsService } from './allowed-methods.service.js';
import { errorOfStatus, sendError } from './rest-errors.js';
import { type OwnOrigins, ownOrigins } from '../auth/sessions/origins.rules.js';

/** What our clients send beside what every page may: each header that is not listed here fails the request of a page. */
const ALLOWED_HEADERS = [
  'content-type',
  'authorization',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'x-correlation-id',
  // Apollo, and what urql and others send in its place.
  'apollo-require-preflight',
  'apollographql-client-name',
  'apollographql-client-version',
  'x-apollo-operation-id',
  'x-apollo-operation-name',
  'x-apollo-operation-type',
  'graphql-require-preflight',
  // OpenTelemetry (W3C Trace Context and Baggage), and Sentry.
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
];
const EXPOSED_HEADERS = [
  'x-correlation-id',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'allow',
  'www-authenticate',
  'etag',
  'link',
  'location',
  'x-incomplete',
];

/** Lets pages of our own call the gateway from a browser (CORS). */
export async function allowOwnPages(
  server: FastifyInstance,
  own: OwnOrigins,
  methods: AllowedMethodsService,
): Promise<void> {
  answerOptions(server, methods);
  await server.register(cors, {
    origin: ownOrigins(own),
    credentials: true,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [...new Set([...ALLOWED_HEADERS, ...getAllCORSHeaders()])],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: 600,
  });
}

/** Answers who asks by which methods an address is served, where it is no browser that asks for a page. */
function answerOptions(server: FastifyInstance, methods: AllowedMethodsService): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { origin, 'access-control-request-method': wanted } = request.headers;
    if (request.method !== 'OPTIONS' || (origin !== undefined && wanted !== undefined)) return done();
    const allow = methods.of(request.url);
    if (allow === '') return void sendError(reply, errorOfStatus(404), 404);
    void reply.code(204).header('allow', allow).send();
  });
}
