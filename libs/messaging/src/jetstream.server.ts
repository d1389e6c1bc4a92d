import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  type ConsumerMessages,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import type { NatsConnection } from '@nats-io/transport-node';
import { context as otelContext, SpanKind, trace } from '@opentelemetry/api';
import type { Counter, Registry } from 'prom-client';
import { AppError, type Event } from '@fowergram/contracts-core';
import { counter, type Logger } from '@fowergram/service-kit';
import type { EventContext } from './decorators.js';
import { fromHeaders, traceOf, withEnvelope } from './envelope.js';
import { ensureStreams } from './streams.js';
import { consumerName, deadLetterSubject, EVENT_STREAM, eventSubject } from './subjects.js';

export type EventHandler = (payload: unknown, context: EventContext) => Promise<void>;

const ACK_WAIT_MS = 10_000;
const MAX_IN_FLIGHT = 64;
const POISON_AFTER_TRIES = 5;
const GONE = new Set(['consumer_not_found', 'stream_not_found', 'consumer_deleted']);

/** Delivers events at least once from durable consumers; what fails five times for its own sake becomes a dead letter. */
export class JetStreamServer {
  private readonly tracer = trace.getTracer('messaging');
  private readonly handled: Counter<'subject' | 'outcome'>;
  private readonly dead: Counter<'subject'>;
  private readonly open = new Map<string, ConsumerMessages>();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly client: JetStreamClient;
  private manager: JetStreamManager;
  private draining = false;

  constructor(
    private readonly nats: NatsConnection,
    private readonly service: string,
    private readonly log: Logger,
    metrics: Registry,
  ) {
    this.client = jetstream(nats);
    this.handled = counter(metrics, 'event_handled_total', 'Events consumed, by subject and outcome.', [
      'subject',
      'outcome',
    ]);
    this.dead = counter(metrics, 'event_dead_letter_total', 'Events given up after repeated failure.', ['subject']);
  }

  /** Makes sure that the streams exist. */
  async prepare(): Promise<void> {
    this.manager = await this.client.jetstreamManager();
    await ensureStreams(this.manager, this.nats);
  }

  /** Starts to consume one event; the consumer is made again should the broker have lost it. */
  async consume(contract: Event, handler: EventHandler): Promise<void> {
    const name = consumerName(this.service, contract);
    await ensureStreams(this.manager, this.nats);
    await this.manager.consumers.add(EVENT_STREAM.name, {
      durable_name: name,
      filter_subject: eventSubject(contract),
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ACK_WAIT_MS),
      deliver_policy: DeliverPolicy.All,
      max_ack_pending: MAX_IN_FLIGHT,
      max_deliver: -1,
    });
    const consumer = await this.client.consumers.get(EVENT_STREAM.name, name);
    const messages = await consumer.consume({
      max_messages: MAX_IN_FLIGHT,
      callback: (message) => {
        const work = this.deliver(contract, name, handler, message).finally(() => this.inFlight.delete(work));
        this.inFlight.add(work);
      },
    });
    this.open.set(name, messages);
    void this.restartWhenGone(messages, contract, handler);
  }

  /** Takes no further event and waits for those in flight. */
  async drain(): Promise<void> {
    this.draining = true;
    for (const messages of this.open.values()) messages.stop();
    await Promise.all(this.inFlight);
  }

  private async restartWhenGone(messages: ConsumerMessages, contract: Event, handler: EventHandler): Promise<void> {
    for await (const status of messages.status()) {
      if (this.draining || !GONE.has(status.type)) continue;
      this.log.warn({ subject: contract.subject, status: status.type }, 'consumer is gone, making it again');
      messages.stop();
      await this.consume(contract, handler).catch((error: unknown) =>
        this.log.error({ err: error, subject: contract.subject }, 'consumer not restored'),
      );
      return;
    }
  }

  private async deliver(contract: Event, consumer: string, handler: EventHandler, message: JsMsg): Promise<void> {
    const envelope = fromHeaders(message.headers, ACK_WAIT_MS);
    const context = {
      eventId: message.headers?.get('Nats-Msg-Id') ?? '',
      consumer,
      correlationId: envelope.correlationId,
    };
    const span = this.tracer.startSpan(
      `consume ${contract.subject}`,
      { kind: SpanKind.CONSUMER },
      traceOf(message.headers),
    );
    try {
      await otelContext.with(trace.setSpan(otelContext.active(), span), () =>
        withEnvelope({ ...envelope, deadlineAt: Date.now() + ACK_WAIT_MS }, async () =>
          handler(contract.payload.parse(message.json()), context),
        ),
      );
      message.ack();
      this.handled.inc({ subject: contract.subject, outcome: 'done' });
    } catch (error) {
      await this.onFailure(contract, consumer, message, error);
    } finally {
      span.end();
    }
  }

  private async onFailure(contract: Event, consumer: string, message: JsMsg, error: unknown): Promise<void> {
    const tries = message.info.deliveryCount;
    // What is only out of reach will be back: waiting is not the event's fault and is not counted against it.
    const passing = error instanceof AppError && error.code === 'UNAVAILABLE';
    this.log.error({ err: error, subject: contract.subject, tries }, 'event failed');
    if (passing || tries < POISON_AFTER_TRIES) {
      this.handled.inc({ subject: contract.subject, outcome: 'retried' });
      return message.nak(passing ? 500 : 100 * 2 ** tries);
    }
    try {
      const headers = message.headers;
      await this.client.publish(deadLetterSubject(consumer), message.data, {
        msgID: `${consumer}:${message.info.streamSequence}`,
        ...(headers ? { headers } : {}),
      });
      // Without a reason: NATS before 2.10.4 does not understand one and would deliver for ever.
      message.term();
      this.dead.inc({ subject: contract.subject });
      this.handled.inc({ subject: contract.subject, outcome: 'dead' });
    } catch (publishError) {
      this.log.error({ err: publishError, subject: contract.subject }, 'dead letter not stored, the event stays');
      message.nak(1_000);
    }
  }
}
