import { context as otelContext, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Msg, Subscription } from '@nats-io/nats-core';
import type { NatsConnection } from '@nats-io/transport-node';
import { headers as natsHeaders } from '@nats-io/nats-core';
import type { Histogram, Registry } from 'prom-client';
import { AppError, parseInput, type Rpc } from '@fowergram/contracts-core';
import { histogram, type Logger } from '@fowergram/service-kit';
import { DEADLINE_MS } from './bus.js';
import { encode, encodeError, ERROR_HEADER } from './codec.js';
import { type Envelope, fromHeaders, traceOf, withEnvelope } from './envelope.js';
import { nextTurn } from './next-turn.js';
import { rpcSubject } from './subjects.js';

export type RpcHandler = (input: unknown, envelope: Envelope) => Promise<unknown>;

/** Answers requests as one member of the service's queue group, so that each is answered by one replica. */
export class RpcServer {
  private readonly tracer = trace.getTracer('messaging');
  private readonly duration: Histogram<'subject' | 'code'>;
  private readonly subscriptions: Subscription[] = [];
  private readonly inFlight = new Set<Promise<void>>();

  constructor(
    private readonly nats: NatsConnection,
    private readonly service: string,
    private readonly log: Logger,
    metrics: Registry,
  ) {
    this.duration = histogram(metrics, 'rpc_server_duration_seconds', 'Requests answered, by subject and outcome.', [
      'subject',
      'code',
    ]);
  }

  /** Starts to answer one subject. */
  serve(contract: Rpc, handler: RpcHandler): void {
    const subscription = this.nats.subscribe(rpcSubject(contract), {
      queue: this.service,
      callback: (error, message) => {
        if (error) return this.log.error({ err: error, subject: contract.subject }, 'subscription failed');
        const work = this.answer(contract, handler, message).finally(() => this.inFlight.delete(work));
        this.inFlight.add(work);
      },
    });
    this.subscriptions.push(subscription);
  }

  /** Takes no further request and waits until those in flight are answered. */
  async drain(): Promise<void> {
    await Promise.all(
      this.subscriptions.map((subscription) => (subscription.isClosed() ? undefined : subscription.drain())),
    );
    await Promise.all(this.inFlight);
  }

  private async answer(contract: Rpc, handler: RpcHandler, message: Msg): Promise<void> {
    const envelope = fromHeaders(message.headers, DEADLINE_MS[contract.kind]);
    const timer = this.duration.startTimer({ subject: contract.subject });
    const span = this.tracer.startSpan(
      `handle ${contract.subject}`,
      { kind: SpanKind.SERVER },
      traceOf(message.headers),
    );
    try {
      const output = await otelContext.with(trace.setSpan(otelContext.active(), span), () =>
        withEnvelope(envelope, async () => handler(parseInput(contract.input, message.json()), envelope)),
      );
      if (output === undefined) throw new Error('The handler answered nothing, which no contract allows.');
      const body = encode(output);
      await nextTurn();
      message.respond(body);
      timer({ code: 'OK' });
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      timer({ code: error instanceof AppError ? error.code : 'INTERNAL' });
      this.report(contract, envelope, error);
      const headers = natsHeaders();
      headers.set(ERROR_HEADER, '1');
      message.respond(encodeError(error), { headers });
    } finally {
      span.end();
    }
  }

  private report(contract: Rpc, envelope: Envelope, error: unknown): void {
    if (error instanceof AppError && error.code !== 'UNAVAILABLE' && error.code !== 'INTERNAL') return;
    this.log.error({ err: error, subject: contract.subject, correlationId: envelope.correlationId }, 'request failed');
  }
}
