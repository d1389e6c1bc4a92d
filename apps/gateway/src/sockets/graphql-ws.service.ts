import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { type ExecutionArgs, type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import { type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import { type Gauge, Registry } from 'prom-client';
import type { WebSocket } from 'ws';
import { AppError } from '@fowergram/contracts-core';
import { newCorrelationId } from '@fowergram/messaging';
import { gauge, type Logger, LOGGER } from '@fowergram/service-kit';
import { executeBounded } from '../api/answers/execute-bounded.js';
import { formatErrors } from '../api/errors.js';
import { InvalidOperation, type PreparedOperation } from '../api/documents/documents.service.js';
import { PersistedDocumentsService, UnknownDocument } from '../api/documents/persisted-documents.service.js';
import { OperationsService, readIdempotencyKey } from '../api/context/operations.service.js';
import { readDocumentId } from '../api/requests/graphql-request.js';
import type { RequestContext } from '../api/context/request-context.js';
import type { Session } from '../auth/sessions/session.js';
import type { Requester } from '../limits/counted-limits.js';
import { operationPoints } from '../limits/operation-points.rules.js';
import { RateLimitsService, requireAdmission } from '../limits/rate-limits.service.js';
import { AdmissionService } from '../overload/admission.service.js';
import { subscribeWithFreshContexts } from './event-streams.js';
import { EventViews } from './event-views.js';
import { traceStep } from './operation-trace.js';
import type { HeldDocument } from './held-documents.js';
import { SOCKET_LIMITS } from './socket-limits.config.js';
import { SocketLimitsService, tooMany } from './socket-limits.service.js';
import { SocketSessionsService } from './socket-sessions.service.js';
import { CLOSE, CloseSocket } from './socket-transport.js';
import type { TakenDocument } from './subscription-documents.js';

export interface SocketExtra {
  socket: WebSocket;
  request: IncomingMessage;
  session: Session | null;
  /** The key of the address that it comes from. */
  address: string;
}
type SocketContext = Context<Record<string, unknown>, SocketExtra>;

/** What an operation has when it may be executed. */
interface Entry {
  /** Gives back the room that it is executed in. */
  leave: () => void;
  /** What a subscription keeps, beside the document in its arguments. */
  keeps: Pick<HeldDocument, 'text' | 'nodes'>;
}

interface Admitted {
  prepared: PreparedOperation;
  entry: Entry;
}

/** The graphql-transport-ws protocol on the schema, limits and errors that HTTP has too. */
@Injectable()
export class GraphqlWsService {
  private readonly subscriptions: Gauge<never>;
  private readonly entries = new WeakMap<ExecutionArgs, Entry>();
  private readonly views = new EventViews();
  private readonly correlationIds = new WeakMap<SubscribePayload, string>();
  private readonly eventReads = new WeakMap<SubscribePayload, number>();

  constructor(
    private readonly documents: PersistedDocumentsService,
    private readonly operations: OperationsService,
    private readonly sessions: SocketSessionsService,
    private readonly limits: RateLimitsService,
    private readonly socketLimits: SocketLimitsService,
    private readonly admission: AdmissionService,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.subscriptions = gauge(metrics, 'subscriptions_open', 'GraphQL subscriptions that are open.');
  }

  make(): Server<SocketExtra> {
    return makeServer<Record<string, unknown>, SocketExtra>({
      connectionInitWaitTimeout: SOCKET_LIMITS.initWithinMs,
      onConnect: async ({ extra, connectionParams }) => {
        const session = await this.sessions.open(extra, connectionParams);
        if (session) this.requireConnection(session.userId, extra.address);
        extra.session = session;
        this.hold(extra);
      },
      onSubscribe: (context, _id, payload) => this.prepare(context, payload),
      execute: (args) => this.thenLeave(args, () => traceStep('operation', args, () => executeBounded(args))),
      subscribe: (args) => this.thenLeave(args, () => traceStep('subscription', args, () => this.subscribe(args))),
      onNext: ({ extra }, _id, payload, _args, result) => {
        this.chargeEvent(extra, payload);
        return result.errors ? { ...result, errors: this.format(result.errors, payload) } : undefined;
      },
      onError: (_context, _id, payload, errors) => this.format(errors, payload),
    });
  }

  private requireConnection(userId: string, address: string): void {
    const { error } = this.limits.admitConnection({ userId, address });
    if (error) throw new CloseSocket(CLOSE.tryAgainLater, 'Too many connections: try again later');
  }

  private async prepare(
    { extra, subscriptions }: SocketContext,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const correlationId = newCorrelationId();
    this.correlationIds.set(payload, correlationId);
    this.socketLimits.noteOperation(extra.socket);
    try {
      if (Object.keys(subscriptions).length > SOCKET_LIMITS.operationsPerSocket)
        throw tooMany(`A socket carries at most ${SOCKET_LIMITS.operationsPerSocket} operations at a time.`);
      const { operationName, variables: variableValues, extensions } = payload;
      const contextValue = this.operations.begin(extra.session, {
        correlationId,
        idempotencyKey: readIdempotencyKey(extensions?.idempotencyKey),
        traceparent: traceparentOf(extensions),
      });
      const { prepared, entry } = await this.admit(extra, payload);
      const { schema, document } = prepared;
      const args = { schema, document, operationName, variableValues, contextValue };
      this.entries.set(args, entry);
      return args;
    } catch (error) {
      return error instanceof InvalidOperation ? error.errors : [failure(error as Error)];
    }
  }

  /** The same limits as over HTTP: a socket is no way around them. Room comes first: what finds none takes no points. */
  private async admit({ session, address }: SocketExtra, payload: SubscribePayload): Promise<Admitted> {
    const requester = { userId: session?.userId ?? null, address };
    requireAdmission(this.limits.checkReads(requester));
    const prepared = this.read(payload, requester);
    const points = operationPoints(prepared);
    const leave = await this.admission.enter(requester, points.reads);
    try {
      requireAdmission(await this.limits.admit(requester, points));
    } catch (error) {
      leave();
      throw error;
    }
    if (isSubscription(prepared)) this.eventReads.set(payload, points.reads);
    return { prepared, entry: { leave, keeps: { text: prepared.text, nodes: prepared.nodes } } };
  }

  private read(payload: SubscribePayload, requester: Requester): PreparedOperation {
    try {
      const prepared = this.documents.prepare(requestOf(payload));
      if (isSubscription(prepared)) requireShort(prepared.text, payload.variables);
      return prepared;
    } catch (error) {
      if (error instanceof UnknownDocument) this.limits.chargeUnknownDocument(requester);
      else if (error instanceof InvalidOperation) this.limits.chargeRefusedDocument(requester);
      throw error;
    }
  }

  /** Of a subscription only its beginning takes room. */
  private async thenLeave<T>(args: ExecutionArgs, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.entries.get(args)!.leave();
    }
  }

  /** Each event of a subscription reads what its selection asks for. */
  private chargeEvent({ session, address }: SocketExtra, payload: SubscribePayload): void {
    const reads = this.eventReads.get(payload);
    if (reads !== undefined) this.limits.chargeEvent({ userId: session?.userId ?? null, address }, reads);
  }

  private hold({ socket, session }: SocketExtra): void {
    if (!session) return this.socketLimits.watchAnonymous(socket);
    if (!this.socketLimits.holdForUser(socket, session.userId))
      throw new CloseSocket(CLOSE.tooManySockets, `A user has at most ${SOCKET_LIMITS.socketsPerUser} sockets`);
  }

  private async subscribe(args: ExecutionArgs): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    const taken = this.take(args);
    if (taken instanceof AppError) return { errors: [failure(taken)] };
    // The library keeps its arguments for as long as the subscription lasts: they, too, must share what is kept once.
    args.document = taken.document;
    let isOpen = false;
    const onOpen = () => {
      isOpen = true;
      this.subscriptions.inc();
      return () => {
        this.subscriptions.dec();
        taken.release();
      };
    };
    try {
      return await subscribeWithFreshContexts(args, this.views, onOpen);
    } finally {
      if (!isOpen) taken.release();
    }
  }

  /** Without a session there is no subscription, so nothing is counted for it. */
  private take(args: ExecutionArgs): TakenDocument | AppError {
    const { document, contextValue } = args;
    const { viewerId } = contextValue as RequestContext;
    if (viewerId === null) return { document, release: () => undefined };
    return this.socketLimits.takeSubscription(viewerId, { document, ...this.entries.get(args)!.keeps });
  }

  private format(errors: readonly GraphQLError[], payload: SubscribePayload) {
    return formatErrors(errors, {
      log: this.log,
      correlationId: this.correlationIds.get(payload) ?? newCorrelationId(),
    });
  }
}

/** The protocol wants a query always: an empty one is named by its hash. */
const requestOf = ({ query, operationName, variables, extensions }: SubscribePayload) => ({
  query: query || null,
  documentId: readDocumentId(undefined, extensions),
  operationName: operationName ?? null,
  variables: variables ?? null,
});

const isSubscription = ({ operation }: PreparedOperation): boolean =>
  operation.operation === OperationTypeNode.SUBSCRIPTION;

/** What a subscription keeps for as long as it lasts is short; an operation that ends soon may be longer. */
function requireShort(text: string, variables: SubscribePayload['variables']): void {
  if (text.length + lengthOf(variables ?? {}) > SOCKET_LIMITS.subscriptionLength)
    throw new AppError(
      'PAYLOAD_TOO_LARGE',
      `A subscription has at most ${SOCKET_LIMITS.subscriptionLength} characters, variables included.`,
    );
}

function lengthOf(variables: Record<string, unknown>): number {
  try {
    return JSON.stringify(variables).length;
  } catch {
    // Nested too deeply for the stack, which takes more characters than any bound.
    return Infinity;
  }
}

const failure = (error: Error): GraphQLError => new GraphQLError(error.message, { originalError: error });

const traceparentOf = (extensions: SubscribePayload['extensions']): string | undefined =>
  typeof extensions?.traceparent === 'string' ? extensions.traceparent : undefined;
