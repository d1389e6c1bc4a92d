import compress from '@fastify/compress';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, OperationTypeNode } from 'graphql';
import { AppError, errorCatalogue } from '@fowergram/contracts-core';
import type { Logger } from '@fowergram/service-kit';
import { isBadToken } from '../auth/sessions/bad-tokens.rules.js';
import { readsErrorsFromOk, requireReadable, requireStreamReadable, responseTypeOf } from '../http/accept.rules.js';
import { COMPRESSION } from '../http/compression.js';
import { addressKey } from '../auth/limits/keys.rules.js';
import type { Session } from '../auth/sessions/session.js';
import { correlationIdOf } from '../http/correlation-id.js';
import type { Requester } from '../limits/counted-limits.js';
import { unambiguousJson } from '../http/json-body.js';
import { challenge } from '../http/rest-errors.js';
import { readIdempotencyKey } from './context/operations.service.js';
import type { OperationHeaders, RequestContext } from './context/request-context.js';
import { InvalidOperation, type PreparedOperation } from './documents/documents.service.js';
import { type PersistedDocumentsService, UnknownDocument } from './documents/persisted-documents.service.js';
import { type FormattedResult, formatErrors, keyStatusOf, RETRY_AFTER_SECONDS, retryAfterOf } from './errors.js';
import { NotByGet, requirePost } from './requests/by-get.rules.js';
import { type GraphqlRequest, jsonParser, readGraphqlRequest } from './requests/graphql-request.js';
import { type OperationParts, refuseBadToken, serveOperation, type Written } from './serve-operation.js';

export interface GraphqlRouteOptions extends OperationParts {
  persisted: PersistedDocumentsService;
  streams: OperationStreams;
  log: Logger;
  /** Answers failures of the session with what clients of the auth library expect; false when it was something else. */
  answerSessionError: (error: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;
}

/** An operation whose answer is an event stream. */
export interface StreamRequest {
  asked: GraphqlRequest;
  session: Session | null;
  address: string;
  headers: OperationHeaders;
}

/** What answers operations as event streams. */
export interface OperationStreams {
  /** Begins the stream; throws NotByGet, or an AppError for what is refused before. */
  serve: (request: StreamRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

/** Where operations are sent, over HTTP and over sockets alike. */
export const GRAPHQL_PATH = '/graphql';
/** Where operations are sent whose answers come as server-sent events. */
export const STREAM_PATH = `${GRAPHQL_PATH}/stream`;

/** As much as a socket takes in one message. */
const MAX_BODY_BYTES = 128 * 1_024;

/** /graphql: POST with JSON, and GET for queries. What a foreign page can make a browser send does not arrive here. */
export function graphqlRoute(options: GraphqlRouteOptions) {
  const { limits, log, answerSessionError } = options;
  return async (app: FastifyInstance): Promise<void> => {
    await app.register(compress, COMPRESSION);
    app.removeAllContentTypeParsers();
    app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, unambiguousJson(app));

    app.setErrorHandler(async (thrown, request, reply) => {
      const error = isBadToken(thrown) ? refuseBadToken(limits, request, reply, thrown) : thrown;
      if (await answerSessionError(error, request, reply)) return reply;
      const failure = toAppError(error);
      const correlationId = correlationIdOf(reply);
      const errors = formatErrors([new GraphQLError(failure.message, { originalError: failure })], {
        log,
        correlationId,
      });
      const refused = isReadFromOk(failure, request) ? 200 : (error as { statusCode?: number }).statusCode;
      if (failure.code === 'UNAUTHENTICATED') challenge(reply);
      if (failure.details.retryAfterSeconds !== undefined)
        reply.header('retry-after', failure.details.retryAfterSeconds);
      const result = { errors };
      return answer(request, reply.code(refused ?? errorCatalogue[failure.code]), { result, bytes: write(result) });
    });

    const parseJson = jsonParser(app);
    const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      requireReadable(request);
      const asked = readGraphqlRequest(request, parseJson);
      const prepare = (_context: RequestContext, requester: Requester) =>
        prepareForHttp(options.persisted, asked, requester, request.method);
      try {
        return answer(request, reply, await serveOperation(app, options, { request, reply, asked, prepare, write }));
      } catch (error) {
        return refuse(error, request, reply, log);
      }
    };
    const serveStream = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      requireStreamReadable(request);
      const asked = readGraphqlRequest(request, parseJson);
      const headers = headersOf(request, reply);
      const session = await options.sessionOf(request, reply);
      const address = addressKey(request);
      return options.streams
        .serve({ asked, session, address, headers }, reply)
        .catch((error: unknown) => refuse(error, request, reply, log));
    };
    app.post(GRAPHQL_PATH, { bodyLimit: MAX_BODY_BYTES }, serve);
    app.get(GRAPHQL_PATH, serve);
    app.post(STREAM_PATH, { bodyLimit: MAX_BODY_BYTES, compress: false }, serveStream);
    app.get(STREAM_PATH, { compress: false }, serveStream);
  };
}

function prepareForHttp(
  documents: PersistedDocumentsService,
  asked: GraphqlRequest,
  requester: Requester,
  method: string,
): PreparedOperation {
  const prepared = documents.prepare(asked, requester);
  requirePost(prepared, method);
  if (prepared.operation.operation !== OperationTypeNode.SUBSCRIPTION) return prepared;
  const message = `Subscriptions go over a WebSocket to the same path (protocol graphql-transport-ws), or to ${STREAM_PATH} as event streams.`;
  throw new InvalidOperation([new GraphQLError(message)]);
}

const headersOf = ({ headers }: FastifyRequest, reply: FastifyReply): OperationHeaders => ({
  correlationId: correlationIdOf(reply),
  idempotencyKey: readIdempotencyKey(headers['idempotency-key']),
  traceparent: typeof headers.traceparent === 'string' ? headers.traceparent : undefined,
});

/** Answers what was not executed because of its text; throws anything else. */
function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): FastifyReply {
  if (!(error instanceof InvalidOperation)) throw error;
  if (error instanceof NotByGet) reply.code(405).header('allow', 'POST');
  else reply.code(readsErrorsFromOk(request) || isReadFromOk(error, request) ? 200 : 400);
  const report = { log, correlationId: correlationIdOf(reply) };
  return send(request, reply, write({ errors: formatErrors(error.errors, report) }));
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status === 413) return new AppError('PAYLOAD_TOO_LARGE', 'The request is too large.', {}, { cause: error });
  if (status === 415)
    return new AppError('BAD_USER_INPUT', 'Send the operation as application/json.', {}, { cause: error });
  if (status < 500) return new AppError('BAD_USER_INPUT', 'The body is not valid JSON.', {}, { cause: error });
  return new AppError('INTERNAL', 'Something went wrong on our side.', {}, { cause: error });
}

/** Clients of persisted queries read from a 200 that the text is wanted. */
const isReadFromOk = (error: unknown, request: FastifyRequest): boolean =>
  (error instanceof UnknownDocument ||
    (error instanceof AppError && error.details.reason === 'PERSISTED_QUERY_NOT_SUPPORTED')) &&
  responseTypeOf(request) === 'application/json';

// As bytes: Node encodes a string of this size more slowly while it writes it than Buffer does before.
const write = (result: FormattedResult): Buffer => Buffer.from(JSON.stringify(result));

/** What brought nothing because a part is away has the status by which proxies, clients and alerts see that. */
function answer(request: FastifyRequest, reply: FastifyReply, { result, bytes }: Written): FastifyReply {
  const retryAfter = result.errors && retryAfterOf(result);
  if (retryAfter !== undefined) reply.code(errorCatalogue.UNAVAILABLE).header('retry-after', retryAfter);
  const keyStatus = result.errors && keyStatusOf(result);
  if (keyStatus !== undefined) reply.code(keyStatus);
  if (keyStatus === errorCatalogue.CONFLICT) reply.header('retry-after', RETRY_AFTER_SECONDS);
  return send(request, reply, bytes);
}

function send(request: FastifyRequest, reply: FastifyReply, bytes: Buffer): FastifyReply {
  const type = responseTypeOf(request) ?? 'application/json';
  return reply.header('content-type', `${type}; charset=utf-8`).send(bytes);
}
