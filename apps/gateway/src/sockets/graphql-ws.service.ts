import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { ExecutionArgs, GraphQLError } from 'graphql';
import { type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { newCorrelationId } from '@fowergram/messaging';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { formatErrors } from '../api/errors.js';
import { InvalidOperation } from '../api/documents/documents.service.js';
import { readIdempotencyKey } from '../api/context/operations.service.js';
import { type GraphqlRequest, readDocumentId } from '../api/requests/graphql-request.js';
import { RateLimitsService } from '../limits/rate-limits.service.js';
import { CLOSE, CloseSocket } from './connection.js';
import { asGraphqlError, type Asker, OpenOperationsService } from './open-operations.service.js';
import { SOCKET_LIMITS } from './socket-limits.config.js';
import { SocketLimitsService, tooMany } from './socket-limits.service.js';
import { SocketSessionsService } from './socket-sessions.service.js';

export interface SocketExtra extends Asker {
  socket: WebSocket;
  request: IncomingMessage;
}
type SocketContext = Context<Record<string, unknown>, SocketExtra>;

/** The graphql-transport-ws protocol on the schema, limits and errors that HTTP has too. */
@Injectable()
export class GraphqlWsService {
  private readonly correlationIds = new WeakMap<SubscribePayload, string>();

  constructor(
    private readonly operations: OpenOperationsService,
    private readonly sessions: SocketSessionsService,
    private readonly limits: RateLimitsService,
    private readonly socketLimits: SocketLimitsService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

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
      execute: (args) => this.operations.run(args),
      subscribe: (args) => this.operations.run(args),
      onNext: (_context, _id, payload, args, result) => {
        this.operations.chargeEvent(args);
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
      const { extensions } = payload;
      const idempotencyKey = readIdempotencyKey(extensions?.idempotencyKey);
      const headers = { correlationId, idempotencyKey, traceparent: traceparentOf(extensions) };
      return await this.operations.prepare(extra, requestOf(payload), headers);
    } catch (error) {
      return error instanceof InvalidOperation ? error.errors : [asGraphqlError(error as Error)];
    }
  }

  private hold({ socket, session }: SocketExtra): void {
    if (!session) return this.socketLimits.watchAnonymous(socket);
    if (!this.socketLimits.holdForUser(socket, session.userId))
      throw new CloseSocket(CLOSE.tooManySockets, `A user has at most ${SOCKET_LIMITS.socketsPerUser} sockets`);
  }

  private format(errors: readonly GraphQLError[], payload: SubscribePayload) {
    return formatErrors(errors, {
      log: this.log,
      correlationId: this.correlationIds.get(payload) ?? newCorrelationId(),
    });
  }
}

/** The protocol wants a query always: an empty one is named by its hash. */
const requestOf = ({ query, operationName, variables, extensions }: SubscribePayload): GraphqlRequest => ({
  query: query || null,
  documentId: readDocumentId(undefined, extensions),
  operationName: operationName ?? null,
  variables: variables ?? null,
});

const traceparentOf = (extensions: SubscribePayload['extensions']): string | undefined =>
  typeof extensions?.traceparent === 'string' ? extensions.traceparent : undefined;
