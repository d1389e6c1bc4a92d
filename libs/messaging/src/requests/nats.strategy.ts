import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { context as otelContext, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { headers as natsHeaders, type Msg, type Subscription } from '@nats-io/nats-core';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Histogram, Registry } from 'prom-client';
import { isObservable } from 'rxjs';
import type { AppError, Rpc } from '@fowergram/contracts-core';
import { histogram, type Logger, LOGGER } from '@fowergram/service-kit';
import { onStatus } from '../connection.js';
import { contractOf, NATS_TRANSPORT } from '../decorators.js';
import { traceOf } from '../envelope.js';
import { toAppError } from '../errors.js';
import { lastValueOf, handle, InFlight } from '../handling.js';
import { NATS, SERVICE_NAME } from '../nats.token.js';
import { DEADLINE_MS } from './bus.client.js';
import { encode, ERROR_HEADER } from './codec.js';
import { nextTurn } from './next-turn.js';
import { RpcContext } from './rpc.context.js';

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
  private readonly inFlight = new InFlight();

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
  }

  /** Two methods cannot both give the one answer, so a second one stops the start of the service. */
  override addHandler(...[subject, handler, isEvent, extras]: Parameters<Server['addHandler']>): void {
    if (this.messageHandlers.has(subject as string)) throw new Error(`Two methods answer ${subject}.`);
    super.addHandler(subject, handler, isEvent, extras);
  }

  /** Subscribes to every subject that a method handles; called by Nest, ready when the broker knows of all of them. */
  listen(callback: (error?: unknown) => void): void {
    for (const [subject, handler] of this.messageHandlers) this.serve(subject, handler);
    this.nats.flush().then(() => callback(), callback);
  }

  /** Takes no further request and waits until those in flight are answered. */
  async close(): Promise<void> {
    await Promise.all(
      this.subscriptions.map((subscription) => (subscription.isClosed() ? undefined : subscription.drain())),
    );
    await this.inFlight.idle();
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
    const subscription = this.nats.subscribe(subject, {
      queue: this.service,
      callback: (error, message) => {
        if (error) return this.log.error({ err: error, subject: contract.subject }, 'subscription failed');
        void this.answer(contract, handler, message);
      },
    });
    this.subscriptions.push(subscription);
  }

  private async answer(contract: Rpc, handler: MessageHandler, message: Msg): Promise<void> {
    const context = new RpcContext(message, DEADLINE_MS[contract.kind]);
    const startedAt = performance.now();
    this.inFlight.begin();
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
      message.respond(body);
      this.observe(contract.subject, 'OK', startedAt);
    } catch (thrown) {
      const error = toAppError(thrown);
      span.setStatus({ code: SpanStatusCode.ERROR });
      this.observe(contract.subject, error.code, startedAt);
      this.report(contract, context, error);
      const headers = natsHeaders();
      headers.set(ERROR_HEADER, '1');
      message.respond(encode(error), { headers });
    } finally {
      span.end();
      this.inFlight.end();
    }
  }

  private observe(subject: string, code: string, startedAt: number): void {
    this.duration.observe({ subject, code }, (performance.now() - startedAt) / 1_000);
  }

  private report(contract: Rpc, { correlationId }: RpcContext, error: AppError): void {
    if (error.code !== 'UNAVAILABLE' && error.code !== 'INTERNAL') return;
    this.log.error({ err: error, subject: contract.subject, correlationId }, 'request failed');
  }
}
