import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { execute, type ExecutionArgs, GraphQLError } from 'graphql';
import { type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import { type Gauge, Registry } from 'prom-client';
import type { WebSocket } from 'ws';
import { AppError } from '@fowergram/contracts-core';
import { newCorrelationId } from '@fowergram/messaging';
import { gauge, type Logger, LOGGER } from '@fowergram/service-kit';
import { formatErrors } from '../api/errors.js';
import { DocumentsService, InvalidOperation } from '../api/documents/documents.service.js';
import { OperationsService } from '../api/context/operations.service.js';
import type { Session } from '../auth/sessions/session.js';
import { subscribeWithFreshContexts } from './event-streams.js';
import { traceStep } from './operation-trace.js';
import { SocketSessionsService } from './socket-sessions.service.js';

export interface SocketExtra {
  socket: WebSocket;
  request: IncomingMessage;
  session: Session | null;
}
type SocketContext = Context<Record<string, unknown>, SocketExtra>;

const INIT_WITHIN_MS = 5_000;
const MAX_OPERATIONS = 50;

/** The graphql-transport-ws protocol on the schema, limits and errors that HTTP has too. */
@Injectable()
export class GraphqlWsService {
  private readonly subscriptions: Gauge<never>;
  private readonly correlationIds = new WeakMap<SubscribePayload, string>();

  constructor(
    private readonly documents: DocumentsService,
    private readonly operations: OperationsService,
    private readonly sessions: SocketSessionsService,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.subscriptions = gauge(metrics, 'subscriptions_open', 'GraphQL subscriptions that are open.');
  }

  make(): Server<SocketExtra> {
    return makeServer<Record<string, unknown>, SocketExtra>({
      connectionInitWaitTimeout: INIT_WITHIN_MS,
      onConnect: async ({ extra, connectionParams }) => {
        extra.session = await this.sessions.open(extra.socket, extra.request, connectionParams);
      },
      onSubscribe: (context, _id, payload) => this.prepare(context, payload),
      execute: (args) => traceStep('operation', args, () => execute(args)),
      subscribe: (args) =>
        traceStep('subscription', args, () => subscribeWithFreshContexts(args, () => this.countSubscription())),
      onNext: (_context, _id, payload, _args, result) =>
        result.errors ? { ...result, errors: this.format(result.errors, payload) } : undefined,
      onError: (_context, _id, payload, errors) => this.format(errors, payload),
    });
  }

  private prepare(
    { extra, subscriptions }: SocketContext,
    payload: SubscribePayload,
  ): ExecutionArgs | readonly GraphQLError[] {
    const correlationId = newCorrelationId();
    this.correlationIds.set(payload, correlationId);
    if (Object.keys(subscriptions).length > MAX_OPERATIONS)
      return [
        failure(new AppError('RATE_LIMITED', `A socket carries at most ${MAX_OPERATIONS} operations at a time.`)),
      ];
    try {
      const { query, operationName, variables: variableValues, extensions } = payload;
      const { schema, document } = this.documents.prepare(query, operationName, variableValues);
      const contextValue = this.operations.begin(extra.session, {
        correlationId,
        traceparent: traceparentOf(extensions),
      });
      return { schema, document, operationName, variableValues, contextValue };
    } catch (error) {
      return error instanceof InvalidOperation ? error.errors : [failure(error as Error)];
    }
  }

  private countSubscription(): () => void {
    this.subscriptions.inc();
    return () => this.subscriptions.dec();
  }

  private format(errors: readonly GraphQLError[], payload: SubscribePayload) {
    return formatErrors(errors, {
      log: this.log,
      correlationId: this.correlationIds.get(payload) ?? newCorrelationId(),
    });
  }
}

const failure = (error: Error): GraphQLError => new GraphQLError(error.message, { originalError: error });

const traceparentOf = (extensions: SubscribePayload['extensions']): string | undefined =>
  typeof extensions?.traceparent === 'string' ? extensions.traceparent : undefined;
