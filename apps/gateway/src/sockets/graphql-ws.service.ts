import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { type ExecutionArgs, getOperationAST, GraphQLError, parse, specifiedRules, validate } from 'graphql';
import { type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import { type Gauge, Registry } from 'prom-client';
import type { WebSocket } from 'ws';
import { AppError } from '@fowergram/contracts-core';
import { newCorrelationId } from '@fowergram/messaging';
import { gauge, type Logger, LOGGER } from '@fowergram/service-kit';
import { formatErrors } from '../api/errors.js';
import { checkCost } from '../api/limits/cost.js';
import { limitRules, parseOptions } from '../api/limits/limits.js';
import { Operations } from '../api/context/operations.service.js';
import type { Session } from '../auth/sessions/session.js';
import { CONFIG, type Config } from '../config.js';
import { subscribeWithFreshContexts } from './event-streams.js';
import { SocketSessions } from './socket-sessions.service.js';

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
export class SocketServer {
  private readonly subscriptions: Gauge<never>;
  private readonly rules;
  private readonly correlationIds = new WeakMap<SubscribePayload, string>();

  constructor(
    private readonly schemaHost: GraphQLSchemaHost,
    @Inject(CONFIG) config: Config,
    private readonly operations: Operations,
    private readonly sessions: SocketSessions,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.rules = [...specifiedRules, ...limitRules({ introspection: config.ENVIRONMENT !== 'production' })];
    this.subscriptions = gauge(metrics, 'subscriptions_open', 'GraphQL subscriptions that are open.');
  }

  make(): Server<SocketExtra> {
    return makeServer<Record<string, unknown>, SocketExtra>({
      connectionInitWaitTimeout: INIT_WITHIN_MS,
      onConnect: async ({ extra, connectionParams }) => {
        extra.session = await this.sessions.open(extra.socket, extra.request, connectionParams);
      },
      onSubscribe: (context, _id, payload) => this.prepare(context, payload),
      subscribe: (args) => subscribeWithFreshContexts(args, () => this.countSubscription()),
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
    const { schema } = this.schemaHost;
    try {
      const document = parse(payload.query, parseOptions);
      const errors = validate(schema, document, this.rules);
      if (errors.length > 0) return errors;
      if (!getOperationAST(document, payload.operationName))
        return [new GraphQLError('Name one operation of the document.')];
      checkCost(schema, document, payload.variables);
      const contextValue = this.operations.begin(extra.session, { correlationId });
      return {
        schema,
        document,
        operationName: payload.operationName,
        variableValues: payload.variables,
        contextValue,
      };
    } catch (error) {
      return [error instanceof GraphQLError ? error : failure(error as Error)];
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
