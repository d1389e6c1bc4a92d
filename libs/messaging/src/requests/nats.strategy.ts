import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { context as otelContext, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { headers as natsHeaders, type Msg, type MsgHdrs, type Subscription } from '@nats-io/nats-core';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Counter, type Histogram, Registry } from 'prom-client';
import { isObservable } from 'rxjs';
import { type AppError, overloaded, type Rpc } from '@fowergram/contracts-core';
import { counter, histogram, type Logger, LOGGER } from '@fowergram/service-kit';
import { onStatus } from '../connection.js';
import { contractOf, NATS_TRANSPORT } from '../decorators.js';
import { traceOf } from '../envelope.js';
import { toAppError } from '../errors.js';
import { lastValueOf, handle } from '../handling.js';
import { NATS, SERVICE_NAME } from '../nats.token.js';
import { DEADLINE_MS } from './bus.client.js';
import { encode, ERROR_HEADER } from './codec.js';
import { Intake } from './intake.js';
import { nextTurn } from './next-turn.js';
import { RpcContext } from './rpc.context.js';

interface Request {
  contract: Rpc;
  handler: MessageHandler;
  message: Msg;
  context: RpcContext;
  deadlineAt: number;
}

/** Nest's transport for requests: answers as one member of the service's queue group, so that one replica answers each. */
@Injectable()
export class NatsStrategy
  extends Server<Record<string, () => void>>
  implements CustomTransportStrategy, OnModuleDestroy
{
  override readonly transportId = NATS_TRANSPORT;
  private readonly tracer = trace.getTracer('messaging');
  private readonly duration: Histogram<'subject' | 'code'>;
  private readonly subscriptions: Subscription[] = [];
  private readonly refused: Counter<'subject' | 'reason'>;
  private readonly failed: Counter<'subject'>;
  private readonly intake = new Intake<Request>({
    start: (request) => void this.answer(request),
    expire: ({ contract }) => this.noteRefused(contract, 'expired'),
  });
  private violation: Error | undefined;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(SERVICE_NAME) private readonly service: string,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    super();
    this.duration = histogram(metrics, 'rpc_server_duration_seconds', 'Requests answered, by subject and outcome.', [
      'subject',
      'code',
    ]);
    this.failed = counter(metrics, 'rpc_server_failed_total', 'Requests that failed by a defect, by subject.', [
      'subject',
    ]);
    this.refused = counter(
      metrics,
      'rpc_server_refused_total',
      'Requests that were not begun, by subject: overloaded, or expired before their turn.',
      ['subject', 'reason'],
    );
  }

  /** Two methods cannot both give the one answer, so a second one stops the start of the service. */
  override addHandler(...[subject, handler, isEvent, extras]: Parameters<Server['addHandler']>): void {
    if (this.messageHandlers.has(subject as string)) throw new Error(`Two methods answer ${subject}.`);
    super.addHandler(subject, handler, isEvent, extras);
  }

  /** Subscribes to every subject that a method handles; called by Nest, ready when the broker knows of all of them. */
  listen(callback: (error?: unknown) => void): void {
    for (const [subject, handler] of this.messageHandlers) this.serve(subject, handler);
    this.nats.flush().then(() => callback(this.violation), callback);
  }

  /** Takes no further request and waits until those in flight are answered. */
  async close(): Promise<void> {
    await Promise.all(
      this.subscriptions.map((subscription) => (subscription.isClosed() ? undefined : subscription.drain())),
    );
    await this.intake.idle();
  }

  /** Requests end before the outbox sends its last rows; Nest itself would close transports only after that. */
  onModuleDestroy(): Promise<void> {
    return this.close();
  }

  on(status: string, react: () => void): void {
    onStatus(this.nats, (type) => {
      if (type === status) react();
    });
  }

  unwrap<T = NatsConnection>(): T {
    return this.nats as T;
  }

  private serve(subject: string, handler: MessageHandler): void {
    const contract = contractOf<Rpc>(subject, handler);
    this.failed.inc({ subject: contract.subject }, 0);
    // A counter that begins at one hides the first time from those who look at its increase.
    for (const reason of ['overloaded', 'expired']) this.refused.inc({ subject: contract.subject, reason }, 0);
    const subscription = this.nats.subscribe(subject, {
      queue: this.service,
      callback: (error, message) => {
        if (error) return this.forbid(error, contract);
        this.take(contract, handler, message);
      },
    });
    this.subscriptions.push(subscription);
  }

  /** What NATS does not let this service answer: known before `listen` is through, which then ends the start. */
  private forbid(error: Error, { subject }: Rpc): void {
    this.violation = error;
    this.log.error({ err: error, subject }, 'subscription failed');
  }

  private take(contract: Rpc, handler: MessageHandler, message: Msg): void {
    const context = new RpcContext(message, DEADLINE_MS[contract.kind]);
    if (this.intake.take({ contract, handler, message, context, deadlineAt: context.deadlineAt })) return;
    this.noteRefused(contract, 'overloaded');
    this.respondError(contract, message, overloaded());
  }

  private async answer({ contract, handler, message, context }: Request): Promise<void> {
    const startedAt = performance.now();
    const span = this.tracer.startSpan(
      `handle ${contract.subject}`,
      { kind: SpanKind.SERVER },
      traceOf(message.headers),
    );
    try {
      const traced = trace.setSpan(otelContext.active(), span);
      const result = await handle(handler, message.json(), context, traced);
      const output = isObservable(result) ? await lastValueOf(result, context, traced) : result;
      if (output === undefined) throw new Error('The handler answered nothing, which no contract allows.');
      const body = encode(output);
      await nextTurn();
      this.respond(contract, message, body);
      this.observe(contract.subject, 'OK', startedAt);
    } catch (thrown) {
      const error = toAppError(thrown);
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.code });
      if (error.code === 'INTERNAL') this.failed.inc({ subject: contract.subject });
      this.observe(contract.subject, error.code, startedAt);
      this.report(contract, context, error);
      this.respondError(contract, message, error);
    } finally {
      span.end();
      this.intake.end();
    }
  }

  private respondError(contract: Rpc, message: Msg, error: AppError): void {
    const headers = natsHeaders();
    headers.set(ERROR_HEADER, '1');
    this.respond(contract, message, encode(error), headers);
  }

  /** A connection that is closed meanwhile takes no answer; the caller hears of it by its deadline. */
  private respond({ subject }: Rpc, message: Msg, body: Uint8Array, headers?: MsgHdrs): void {
    try {
      message.respond(body, headers ? { headers } : {});
    } catch (error) {
      this.log.warn({ err: error, subject }, 'request not answered');
    }
  }

  private noteRefused({ subject }: Rpc, reason: 'overloaded' | 'expired'): void {
    this.refused.inc({ subject, reason });
    this.log.warn({ subject, reason }, 'request refused');
  }

  private observe(subject: string, code: string, startedAt: number): void {
    this.duration.observe({ subject, code }, (performance.now() - startedAt) / 1_000);
  }

  private report(contract: Rpc, { correlationId }: RpcContext, error: AppError): void {
    if (error.code !== 'UNAVAILABLE' && error.code !== 'INTERNAL') return;
    this.log.error({ err: error, subject: contract.subject, correlationId }, 'request failed');
  }
}
