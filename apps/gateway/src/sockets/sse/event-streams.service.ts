import { once } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { type Counter, type Gauge, Registry } from 'prom-client';
import { AppError } from '@fowergram/contracts-core';
import { counter, Every, gauge, type Logger, LOGGER } from '@fowergram/service-kit';
import { InvalidOperation, type PreparedOperation } from '../../api/documents/documents.service.js';
import { type ErrorReport, formatErrors, type FormattedResult, formatResult } from '../../api/errors.js';
import type { StreamRequest } from '../../api/graphql.routes.js';
import { NotByGet, requirePost } from '../../api/requests/by-get.rules.js';
import { RateLimitsService, requireAdmission } from '../../limits/rate-limits.service.js';
import { CLOSE, sendAtPace } from '../connection.js';
import { inTurns, sendAway } from '../send-away.js';
import { asGraphqlError, isSubscription, OpenOperationsService } from '../open-operations.service.js';
import { SOCKET_LIMITS } from '../socket-limits.config.js';
import { SocketLimitsService } from '../socket-limits.service.js';
import { SocketSessionsService } from '../socket-sessions.service.js';
import { EventStream, frame } from './event-stream.js';

/** Answers operations as event streams, for clients that can have no socket: one stream per operation, with the limits of sockets. */
@Injectable()
export class EventStreamsService implements OnModuleDestroy {
  private readonly live = new Set<EventStream>();
  private readonly openStreams: Gauge<never>;
  private readonly slowReaders: Counter<never>;
  private draining = false;

  constructor(
    private readonly operations: OpenOperationsService,
    private readonly sessions: SocketSessionsService,
    private readonly limits: RateLimitsService,
    private readonly socketLimits: SocketLimitsService,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.openStreams = gauge(metrics, 'event_streams_open', 'Event streams of operations that are open.');
    this.slowReaders = counter(
      metrics,
      'event_streams_slow_readers_total',
      'Event streams closed because the reader was too slow.',
      [],
    );
  }

  /** Answers an operation; throws NotByGet, or an AppError for what is refused before the stream begins. */
  async serve(request: StreamRequest, reply: FastifyReply): Promise<FastifyReply> {
    const stream = this.hold(new EventStream(reply.raw), request);
    const report = { log: this.log, correlationId: request.headers.correlationId };
    const begin = () => stream.begin(reply.hijack().getHeaders() as OutgoingHttpHeaders);
    try {
      const args = await this.operations.prepare(request, request.asked, request.headers, (prepared) =>
        this.requireAllowed(prepared, reply.request.method, request),
      );
      const result = await this.operations.run(args);
      begin();
      void this.answer(stream, result, args, report);
    } catch (error) {
      if (!(error instanceof InvalidOperation) || error instanceof NotByGet) throw error;
      // Clients of the protocol read what is wrong with a document from the stream.
      begin();
      void this.send(stream, { errors: formatErrors(error.errors, report) });
      stream.complete();
    }
    return reply;
  }

  /** Clients come back when a stream ends without `complete`, to another process, and resume by cursor. */
  async leave(): Promise<void> {
    this.draining = true;
    await inTurns([...this.live], sendAway);
  }

  async onModuleDestroy(): Promise<void> {
    this.draining = true;
    const closed = [...this.live].map((stream) => once(stream, 'close'));
    for (const stream of this.live) sendAway(stream);
    await Promise.all(closed);
  }

  @Every(SOCKET_LIMITS.pingIntervalMs, 'keep event streams alive')
  beat(): void {
    for (const stream of this.live) stream.beat();
  }

  /** Counts a stream as sockets are counted, until it is closed, and ends it with its session. */
  private hold(stream: EventStream, { session, address }: StreamRequest): EventStream {
    const refused = this.socketLimits.refuseConnection(address);
    if (refused) throw refused;
    this.socketLimits.hold(stream, address);
    this.openStreams.inc();
    stream.once('close', () => this.openStreams.dec());
    if (!session) return stream;
    if (!this.socketLimits.holdForUser(stream, session.userId))
      throw new AppError(
        'RATE_LIMITED',
        `A user has at most ${SOCKET_LIMITS.socketsPerUser} sockets and event streams at a time.`,
        { reason: 'CONNECTIONS' },
      );
    this.sessions.endWith(session, stream);
    return stream;
  }

  /** A subscription is opened like a socket, and takes as much; any other operation is a request. */
  private requireAllowed(prepared: PreparedOperation, method: string, { session, address }: StreamRequest): void {
    requirePost(prepared, method);
    if (!isSubscription(prepared)) return;
    requireAdmission(this.limits.admitConnection({ userId: null, address }));
    if (session) requireAdmission(this.limits.admitConnection({ userId: session.userId, address }));
  }

  private async answer(
    stream: EventStream,
    result: AsyncIterableIterator<ExecutionResult> | ExecutionResult,
    args: ExecutionArgs,
    report: ErrorReport,
  ): Promise<void> {
    if (Symbol.asyncIterator in result) await this.follow(stream, result, args, report);
    else await this.send(stream, formatResult(result, report));
    stream.complete();
  }

  private async follow(
    stream: EventStream,
    results: AsyncIterableIterator<ExecutionResult>,
    args: ExecutionArgs,
    report: ErrorReport,
  ): Promise<void> {
    this.keep(stream, results);
    try {
      for await (const result of results) {
        this.operations.chargeEvent(args);
        await this.send(stream, formatResult(result, report));
      }
    } catch (error) {
      await this.send(stream, { errors: formatErrors([asGraphqlError(error as Error)], report) });
    }
  }

  private keep(stream: EventStream, results: AsyncIterableIterator<ExecutionResult>): void {
    const end = () => {
      this.live.delete(stream);
      void results.return?.();
    };
    // Its reader or its session may be gone already.
    if (stream.readyState !== stream.OPEN) return end();
    this.live.add(stream);
    stream.once('close', end);
    if (this.draining) sendAway(stream);
  }

  private send(stream: EventStream, result: FormattedResult): Promise<void> {
    return sendAtPace(stream, frame('next', JSON.stringify(result)), this.socketLimits.waiting, () => {
      if (stream.readyState !== stream.OPEN) return;
      stream.close(CLOSE.slowReader, 'Too slow: reconnect with the last cursor');
      this.slowReaders.inc();
    });
  }
}
