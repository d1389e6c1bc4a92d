import compress from '@fastify/compress';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, OperationTypeNode } from 'graphql';
import { AppError, errorCatalogue } from '@fowergram/contracts-core';
import type { Logger } from '@fowergram/service-kit';
import { addressKey } from '../auth/limits/keys.rules.js';
import { isBadToken } from '../auth/sessions/bad-tokens.rules.js';
import type { Session } from '../auth/sessions/session.js';
import { readsErrorsFromOk, requireReadable, responseTypeOf } from '../http/accept.rules.js';
import { COMPRESSION } from '../http/compression.js';
import { correlationIdOf } from '../http/correlation-id.js';
import { challenge } from '../http/rest-errors.js';
import { operationPoints } from '../limits/operation-points.rules.js';
import { sendRateLimit } from '../limits/rate-limit-headers.js';
import { type RateLimitsService, requireAdmission, type Verdict } from '../limits/rate-limits.service.js';
import { sizeFailure } from './answers/answer-size.rules.js';
import { executeBounded } from './answers/execute-bounded.js';
import type { AdmissionService } from '../overload/admission.service.js';
import { type DocumentsService, InvalidOperation, type PreparedOperation } from './documents/documents.service.js';
import {
  type FormattedResult,
  formatErrors,
  formatResult,
  keyStatusOf,
  RETRY_AFTER_SECONDS,
  retryAfterOf,
} from './errors.js';
import { type OperationsService, readIdempotencyKey } from './context/operations.service.js';
import type { RequestContext } from './context/request-context.js';
import { type GraphqlRequest, jsonParser, readGraphqlRequest } from './requests/graphql-request.js';

export interface GraphqlRouteOptions {
  admission: AdmissionService;
  documents: DocumentsService;
  limits: RateLimitsService;
  operations: OperationsService;
  log: Logger;
  /** The verified session of a request; throws what the auth error handler answers with 401. */
  sessionOf: (request: FastifyRequest, reply: FastifyReply) => Promise<Session | null>;
  /** Answers failures of the session with what clients of the auth library expect; false when it was something else. */
  answerSessionError: (error: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;
}

/** Where operations are sent, over HTTP and over sockets alike. */
export const GRAPHQL_PATH = '/graphql';

const NAME = /^[_A-Za-z]\w{0,99}$/;
/** As much as a socket takes in one message. */
const MAX_BODY_BYTES = 128 * 1_024;
/** The objects of a page of 20 posts with all that a client shows of them: what they hold is a few megabytes at the very most. */
const MAX_COST_WRITTEN_UNMEASURED = 1_000;

/** /graphql: POST with JSON, and GET for queries. What a foreign page can make a browser send does not arrive here. */
export function graphqlRoute({
  admission,
  documents,
  limits,
  operations,
  log,
  sessionOf,
  answerSessionError,
}: GraphqlRouteOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    await app.register(compress, COMPRESSION);
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));

    app.setErrorHandler(async (thrown, request, reply) => {
      const error = isBadToken(thrown) ? refuseBadToken(limits, request, reply, thrown) : thrown;
      if (await answerSessionError(error, request, reply)) return reply;
      const failure = toAppError(error);
      const correlationId = correlationIdOf(reply);
      const errors = formatErrors([new GraphQLError(failure.message, { originalError: failure })], {
        log,
        correlationId,
      });
      const refused = statusOf(failure, request) ?? (error as { statusCode?: number }).statusCode;
      if (failure.code === 'UNAUTHENTICATED') challenge(reply);
      if (failure.details.retryAfterSeconds !== undefined)
        reply.header('retry-after', failure.details.retryAfterSeconds);
      return answer(request, reply.code(refused ?? errorCatalogue[failure.code]), written({ errors }));
    });

    const parseJson = jsonParser(app);
    const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      requireReadable(request);
      const correlationId = correlationIdOf(reply);
      const asked = readGraphqlRequest(request, parseJson);
      const idempotencyKey = readIdempotencyKey(request.headers['idempotency-key']);
      const session = await sessionOf(request, reply);
      const requester = { userId: session?.userId ?? null, address: addressKey(request) };
      const reads = limits.checkReads(requester);
      if (reads.error) answerLimits(reads, reply);
      const context = operations.begin(session, { correlationId, idempotencyKey });
      try {
        const prepared = prepareForHttp(documents, asked, request.method);
        const points = operationPoints(prepared);
        const entered = admission.enter(requester, points.reads);
        const leave = entered instanceof Promise ? await entered : entered;
        try {
          const verdict = limits.admit(requester, points);
          answerLimits(verdict instanceof Promise ? await verdict : verdict, reply);
          return answer(request, reply, await run(app, prepared, asked, context));
        } finally {
          leave();
        }
      } catch (error) {
        if (error instanceof AppError) throw error;
        if (error instanceof InvalidOperation) limits.chargeRefusedDocument(requester);
        if (error instanceof NotByGet) reply.code(405).header('allow', 'POST');
        else reply.code(readsErrorsFromOk(request) ? 200 : 400);
        const errors = formatErrors(requestErrors(error), { log, correlationId });
        return send(request, reply, bytesOf({ errors }));
      }
    };
    app.post(GRAPHQL_PATH, { bodyLimit: MAX_BODY_BYTES }, serve);
    app.get(GRAPHQL_PATH, serve);
  };
}

/** What changes something is sent by POST: a GET may be repeated by whoever is on the way. */
class NotByGet extends InvalidOperation {
  constructor() {
    super([new GraphQLError('Send a mutation by POST.')]);
  }
}

/** Throws what a limit refuses, and says in the headers where the limits stand. */
function answerLimits(verdict: Verdict, reply: FastifyReply): void {
  sendRateLimit(reply, verdict);
  requireAdmission(verdict);
}

/** What to answer to a bad token: the failure of the session, or, where its address sent too many of them, that. */
function refuseBadToken(
  limits: RateLimitsService,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): unknown {
  const verdict = limits.admitBadToken(addressKey(request));
  if (!verdict.error) return thrown;
  sendRateLimit(reply, verdict);
  return verdict.error;
}

function prepareForHttp(documents: DocumentsService, asked: GraphqlRequest, method: string): PreparedOperation {
  const prepared = documents.prepare(asked.query, asked.operationName, asked.variables);
  const kind = prepared.operation.operation;
  if (kind === OperationTypeNode.MUTATION && method !== 'POST') throw new NotByGet();
  if (kind !== OperationTypeNode.SUBSCRIPTION) return prepared;
  const message = 'Subscriptions go over a WebSocket to the same path (protocol graphql-transport-ws).';
  throw new InvalidOperation([new GraphQLError(message)]);
}

/** An answer and its bytes. */
interface Written {
  result: FormattedResult;
  bytes: Buffer;
}

// As bytes: Node encodes a string of this size more slowly while it writes it than Buffer does before.
const bytesOf = (result: FormattedResult): Buffer => Buffer.from(JSON.stringify(result));
const written = (result: FormattedResult): Written => ({ result, bytes: bytesOf(result) });

/** The engine compiles what comes often; everything else is executed without leaving a trace in any of its caches. */
async function run(
  app: FastifyInstance,
  { schema, document, isFrequent, cost }: PreparedOperation,
  { query, operationName, variables }: GraphqlRequest,
  context: RequestContext,
): Promise<Written> {
  const report = { log: context.shared.log, correlationId: context.headers.correlationId };
  if (!isFrequent) {
    const args = { schema, document, contextValue: context, variableValues: variables, operationName };
    return written(formatResult(await executeBounded(args), report));
  }
  const result: FormattedResult = await app.graphql(
    cacheKey(query, operationName),
    context as never,
    variables ?? undefined,
    operationName ?? undefined,
  );
  // What asks for few objects is written at once and measured then; what asks for many is measured first, up to the bound.
  const answer = cost > MAX_COST_WRITTEN_UNMEASURED ? undefined : written(result);
  const failure = sizeFailure(result, context.reads, answer?.bytes.length);
  if (failure) return written(formatResult({ data: null, errors: [failure] }, report));
  return answer ?? written(result);
}

/**
 * The engine keeps one compiled function per text, for the operation that came first. The name behind the text gives each
 * operation of a document its own.
 */
function cacheKey(query: string, operationName: string | null | undefined): string {
  return operationName && NAME.test(operationName) ? `${query}\n#${operationName}` : query;
}

function requestErrors(error: unknown): readonly GraphQLError[] {
  if (error instanceof InvalidOperation) return error.errors;
  return [error instanceof GraphQLError ? error : new GraphQLError('Not executed.', { originalError: error as Error })];
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

/** Clients of persisted queries read from a 200 that they are not supported, and send the text. */
function statusOf({ details }: AppError, request: FastifyRequest): number | undefined {
  if (details.reason !== 'PERSISTED_QUERY_NOT_SUPPORTED') return undefined;
  return responseTypeOf(request) === 'application/json' ? 200 : undefined;
}

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
