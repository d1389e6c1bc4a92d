import { Injectable } from '@nestjs/common';
import { type ExecutionArgs, type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import { type Gauge, Registry } from 'prom-client';
import { AppError } from '@fowergram/contracts-core';
import { gauge } from '@fowergram/service-kit';
import { executeBounded } from '../api/answers/execute-bounded.js';
import { OperationsService } from '../api/context/operations.service.js';
import type { OperationHeaders, RequestContext } from '../api/context/request-context.js';
import { InvalidOperation, type PreparedOperation } from '../api/documents/documents.service.js';
import { PersistedDocumentsService, UnknownDocument } from '../api/documents/persisted-documents.service.js';
import { outcomeOf, outcomeOfThrown } from '../api/errors.js';
import { type OperationRecord, OperationRecordsService } from '../api/records/operation-records.service.js';
import type { GraphqlRequest } from '../api/requests/graphql-request.js';
import type { Session } from '../auth/sessions/session.js';
import type { Requester } from '../limits/counted-limits.js';
import { operationPoints } from '../limits/operation-points.rules.js';
import { RateLimitsService, requireAdmission } from '../limits/rate-limits.service.js';
import { AdmissionService } from '../overload/admission.service.js';
import { subscribeWithFreshContexts } from './event-streams.js';
import { EventViews } from './event-views.js';
import type { HeldDocument } from './held-documents.js';
import { traceStep } from './operation-trace.js';
import { SOCKET_LIMITS } from './socket-limits.config.js';
import { SocketLimitsService } from './socket-limits.service.js';
import type { TakenDocument } from './subscription-documents.js';

/** Who asks on a connection that stays open. */
export interface Asker {
  session: Session | null;
  /** The key of the address that it comes from. */
  address: string;
}

/** What an operation has when it may be executed. */
interface Entry {
  requester: Requester;
  record: OperationRecord;
  /** Gives back the room that it is executed in. */
  leave: () => void;
  /** What a subscription keeps, beside the document in its arguments. */
  keeps: Pick<HeldDocument, 'text' | 'nodes'>;
  isSubscription: boolean;
  /** What it reads, and each event of a subscription again. */
  reads: number;
}

/** Operations on connections that stay open, sockets and event streams alike: the limits that HTTP has, and what subscriptions keep. */
@Injectable()
export class OpenOperationsService {
  private readonly subscriptions: Gauge<never>;
  private readonly entries = new WeakMap<ExecutionArgs, Entry>();
  private readonly views = new EventViews();

  constructor(
    private readonly documents: PersistedDocumentsService,
    private readonly operations: OperationsService,
    private readonly limits: RateLimitsService,
    private readonly socketLimits: SocketLimitsService,
    private readonly admission: AdmissionService,
    private readonly records: OperationRecordsService,
    metrics: Registry,
  ) {
    this.subscriptions = gauge(metrics, 'subscriptions_open', 'GraphQL subscriptions that are open.');
  }

  /** Makes an operation ready within all limits; whoever gets the arguments gives them to `run`. */
  async prepare(
    asker: Asker,
    asked: GraphqlRequest,
    headers: OperationHeaders,
    requireAllowed: (prepared: PreparedOperation) => void = () => undefined,
  ): Promise<ExecutionArgs> {
    const record = this.records.begin(headers.correlationId);
    record.isBy({ userId: asker.session?.userId });
    try {
      return await this.enter(asker, asked, headers, record, requireAllowed);
    } catch (error) {
      record.end(outcomeOfThrown(error));
      throw error;
    }
  }

  private async enter(
    { session, address }: Asker,
    asked: GraphqlRequest,
    headers: OperationHeaders,
    record: OperationRecord,
    requireAllowed: (prepared: PreparedOperation) => void,
  ): Promise<ExecutionArgs> {
    const contextValue = this.operations.begin(session, headers);
    const requester = { userId: session?.userId ?? null, address };
    requireAdmission(this.limits.checkReads(requester));
    const prepared = this.read(asked, requester, requireAllowed);
    record.isOf(prepared);
    const { schema, document, text, nodes } = prepared;
    const { operationName, variables: variableValues } = asked;
    const args = { schema, document, operationName, variableValues, contextValue };
    const { leave, reads } = await this.admit(requester, prepared);
    const keeps = { text, nodes };
    this.entries.set(args, { requester, record, leave, keeps, reads, isSubscription: isSubscription(prepared) });
    return args;
  }

  /** Executes the operation; what a subscription answers goes on until its `return` is called. */
  async run(args: ExecutionArgs): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    const { isSubscription, leave, record } = this.entries.get(args)!;
    try {
      if (isSubscription) return await traceStep('subscription', args, () => recorded(record, this.open(args)));
      return await traceStep('operation', args, () => recorded(record, executeBounded(args)));
    } finally {
      // Of a subscription only its beginning takes room.
      leave();
    }
  }

  /** Each event of a subscription reads what its selection asks for. */
  chargeEvent(args: ExecutionArgs): void {
    const { requester, reads, isSubscription } = this.entries.get(args)!;
    if (isSubscription) this.limits.chargeEvent(requester, reads);
  }

  /** Room comes first: what finds none takes no points. */
  private async admit(
    requester: Requester,
    prepared: PreparedOperation,
  ): Promise<{ leave: () => void; reads: number }> {
    const points = operationPoints(prepared);
    const leave = await this.admission.enter(requester, points.reads);
    try {
      requireAdmission(await this.limits.admit(requester, points));
    } catch (error) {
      leave();
      throw error;
    }
    return { leave, reads: points.reads };
  }

  private read(
    asked: GraphqlRequest,
    requester: Requester,
    requireAllowed: (prepared: PreparedOperation) => void,
  ): PreparedOperation {
    try {
      const prepared = this.documents.prepare(asked, requester);
      requireAllowed(prepared);
      if (isSubscription(prepared)) requireShort(prepared.text, asked.variables);
      return prepared;
    } catch (error) {
      if (error instanceof UnknownDocument) this.limits.chargeUnknownDocument(requester);
      else if (error instanceof InvalidOperation) this.limits.chargeRefusedDocument(requester);
      throw error;
    }
  }

  private async open(args: ExecutionArgs): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    const taken = this.take(args);
    if (taken instanceof AppError) return { errors: [asGraphqlError(taken)] };
    // Whoever serves the protocol keeps the arguments for as long as the subscription lasts: they, too, must share what is kept once.
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
      return await subscribeWithFreshContexts(args, this.views, {
        onOpen,
        onShown: ({ errors }) => errors && this.records.countFailedEvent(outcomeOf(errors)),
        onFailed: (error) => this.records.countFailedEvent(outcomeOfThrown(error)),
      });
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
}

/** Ends the record of an operation with what it has come to. */
async function recorded<R extends object>(record: OperationRecord, work: Promise<R>): Promise<R> {
  try {
    const result = await work;
    record.end(outcomeOf('errors' in result ? (result.errors as GraphQLError[]) : undefined));
    return result;
  } catch (error) {
    record.end(outcomeOfThrown(error));
    throw error;
  }
}

/** True for an operation that goes on until somebody ends it. */
export const isSubscription = ({ operation }: Pick<PreparedOperation, 'operation'>): boolean =>
  operation.operation === OperationTypeNode.SUBSCRIPTION;

/** An error as the engine has it. */
export const asGraphqlError = (error: Error): GraphQLError => new GraphQLError(error.message, { originalError: error });

/** What a subscription keeps for as long as it lasts is short; an operation that ends soon may be longer. */
function requireShort(text: string, variables: GraphqlRequest['variables']): void {
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
