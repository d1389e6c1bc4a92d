import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { AppError } from '@fowergram/contracts-core';
import type { ServiceCaller } from '@fowergram/contracts-user';
import { addressKey } from '../auth/limits/keys.rules.js';
import type { Session } from '../auth/sessions/session.js';
import { correlationIdOf } from '../http/correlation-id.js';
import type { Requester } from '../limits/counted-limits.js';
import { operationPoints } from '../limits/operation-points.rules.js';
import { sendRateLimit } from '../limits/rate-limit-headers.js';
import { type RateLimitsService, requireAdmission, type Verdict } from '../limits/rate-limits.service.js';
import type { AdmissionService } from '../overload/admission.service.js';
import { sizeFailure } from './answers/answer-size.rules.js';
import { executeBounded } from './answers/execute-bounded.js';
import { type OperationsService, readIdempotencyKey } from './context/operations.service.js';
import type { RequestContext } from './context/request-context.js';
import { type DocumentsService, InvalidOperation, type PreparedOperation } from './documents/documents.service.js';
import { UnknownDocument } from './documents/persisted-documents.service.js';
import { type FormattedResult, formatResult, outcomeOf, outcomeOfThrown } from './errors.js';
import type { OperationRecord, OperationRecordsService } from './records/operation-records.service.js';
import type { GraphqlRequest } from './requests/graphql-request.js';

/** What each operation over HTTP passes, whether it is sent to /graphql or belongs to a REST route. */
export interface OperationParts {
  admission: AdmissionService;
  documents: DocumentsService;
  limits: RateLimitsService;
  operations: OperationsService;
  records: OperationRecordsService;
  /** The verified session of a request; throws what the auth error handler answers with 401. */
  sessionOf: (request: FastifyRequest, reply: FastifyReply) => Promise<Session | null>;
}

/** What is served to service accounts besides. */
export interface PartsForServices extends OperationParts {
  /** The service account of a request; null for one that brings no key. Throws for a key that is not known, or may not do this. */
  serviceOf: (request: FastifyRequest) => Promise<ServiceCaller | null>;
}

export interface OperationOfRequest<D = never> {
  request: FastifyRequest;
  reply: FastifyReply;
  asked: Pick<GraphqlRequest, 'operationName' | 'variables'>;
  /** Makes the operation ready; called once it is known that the requester may read at all. */
  prepare: (context: RequestContext, requester: Requester) => PreparedOperation;
  /** Answers the operation without the engine; undefined where the engine has to. */
  answerDirectly?: (context: RequestContext, variables: Record<string, unknown>) => Promise<D | undefined>;
  /** Writes the body of the answer. */
  write: (result: FormattedResult) => Buffer;
}

/** An answer and its bytes. */
export interface Written {
  result: FormattedResult;
  bytes: Buffer;
  /** That of the one thing that is shown, where its fields do not say it. */
  version?: (() => string) | undefined;
}

const NAME = /^[_A-Za-z]\w{0,99}$/;
/** The objects of a page of 20 posts with all that a client shows of them: what they hold is a few megabytes at the very most. */
const MAX_COST_WRITTEN_UNMEASURED = 1_000;

/** Executes the operation of a request within all limits, and records it; throws InvalidOperation for one that is not executed. */
export async function serveOperation<D extends object = never>(
  app: FastifyInstance,
  parts: OperationParts | PartsForServices,
  served: OperationOfRequest<D>,
): Promise<Written | D> {
  const record = parts.records.begin(correlationIdOf(served.reply));
  try {
    const answer = await serveWithinLimits(app, parts, served, record);
    record.end('result' in answer ? outcomeOf(answer.result.errors) : 'OK');
    return answer;
  } catch (error) {
    record.end(outcomeOfThrown(error));
    throw error;
  }
}

async function serveWithinLimits<D>(
  app: FastifyInstance,
  { admission, limits, operations, sessionOf, ...rest }: OperationParts | PartsForServices,
  { request, reply, asked, prepare, answerDirectly, write }: OperationOfRequest<D>,
  record: OperationRecord,
): Promise<Written | D> {
  const correlationId = correlationIdOf(reply);
  const idempotencyKey = readIdempotencyKey(request.headers['idempotency-key']);
  const service = 'serviceOf' in rest ? await rest.serviceOf(request) : null;
  const session = service ? null : await sessionOf(request, reply);
  const requester = { userId: session?.userId ?? service?.id ?? null, address: addressKey(request) };
  record.isBy({ userId: session?.userId, serviceId: service?.id });
  const reads = limits.checkReads(requester);
  if (reads.error) answerLimits(reads, reply);
  const context = operations.begin(session, { correlationId, idempotencyKey }, service);
  try {
    const prepared = prepare(context, requester);
    record.isOf(prepared);
    const points = operationPoints(prepared);
    const entered = admission.enter(requester, points.reads);
    const leave = entered instanceof Promise ? await entered : entered;
    try {
      const verdict = limits.admit(requester, points);
      answerLimits(verdict instanceof Promise ? await verdict : verdict, reply);
      const direct = await answerDirectly?.(context, prepared.coerced);
      return direct ?? (await run(app, prepared, asked, context, write));
    } finally {
      leave();
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (!(error instanceof InvalidOperation)) throw new InvalidOperation([asGraphqlError(error)]);
    if (error instanceof UnknownDocument) limits.chargeUnknownDocument(requester);
    else limits.chargeRefusedDocument(requester);
    throw error;
  }
}

/** Throws what a limit refuses, and says in the headers where the limits stand. */
function answerLimits(verdict: Verdict, reply: FastifyReply): void {
  sendRateLimit(reply, verdict);
  requireAdmission(verdict);
}

/** What to answer to a bad token: the failure of the session, or, where its address sent too many of them, that. */
export function refuseBadToken(
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

/** The engine compiles what comes often; everything else is executed without leaving a trace in any of its caches. */
async function run(
  app: FastifyInstance,
  { text, schema, document, isFrequent, cost }: PreparedOperation,
  { operationName, variables }: OperationOfRequest['asked'],
  context: RequestContext,
  write: OperationOfRequest['write'],
): Promise<Written> {
  const report = { log: context.shared.log, correlationId: context.headers.correlationId };
  const written = (result: FormattedResult): Written => {
    const bytes = write(result);
    return { result, bytes, version: context.shownVersion };
  };
  if (!isFrequent) {
    const args = { schema, document, contextValue: context, variableValues: variables, operationName };
    return written(formatResult(await executeBounded(args), report));
  }
  const result: FormattedResult = await app.graphql(
    cacheKey(text, operationName),
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

const asGraphqlError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError ? error : new GraphQLError('Not executed.', { originalError: error as Error });
