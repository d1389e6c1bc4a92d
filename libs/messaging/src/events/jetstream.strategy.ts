import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { setTimeout } from 'node:timers/promises';
import { type Consumer, type ConsumerMessages, jetstream, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';
import { type NatsConnection, PermissionViolationError, type Subscription } from '@nats-io/transport-node';
import { context as otelContext, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { Registry } from 'prom-client';
import type { Event } from '@fowergram/contracts-core';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { onStatus } from '../connection.js';
import { contractOf, JETSTREAM_TRANSPORT } from '../decorators.js';
import { traceOf } from '../envelope.js';
import { lastValueOf, handle } from '../handling.js';
import { NATS, SERVICE_NAME } from '../nats.token.js';
import { consumerName, EVENT_STREAM } from '../subjects.js';
import { JetStreamContext } from './jetstream.context.js';
import { Outcomes } from './outcomes.js';
import { ACK_WAIT_MS, MAX_IN_FLIGHT } from './streams.js';

const GONE = new Set(['consumer_not_found', 'stream_not_found', 'consumer_deleted']);
/** How long a service that starts waits for the step that makes its consumers. */
const START_TIMEOUT_MS = 20_000;
const POLL_INTERVAL_MS = 500;

/** Nest's transport for events: delivers each at least once, from one durable consumer per method. */
@Injectable()
export class JetStreamStrategy
  extends Server<Record<string, () => void>>
  implements CustomTransportStrategy, OnModuleDestroy
{
  override readonly transportId = JETSTREAM_TRANSPORT;
  /** A failed method is retried and logged here, so Nest need not log it as well. */
  override readonly propagatesEventHandlerErrors = true;
  private readonly tracer = trace.getTracer('messaging');
  private readonly open = new Map<string, ConsumerMessages>();
  private readonly names = new Map<string, string>();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly client: JetStreamClient;
  private readonly outcomes: Outcomes;
  private draining = false;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(SERVICE_NAME) private readonly service: string,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    super();
    this.client = jetstream(nats);
    this.outcomes = new Outcomes(this.client, log, metrics);
  }

  /** Two methods would share one durable consumer and one receipt, so a second one stops the start of the service. */
  override addHandler(...[subject, handler, isEvent, extras]: Parameters<Server['addHandler']>): void {
    if (this.messageHandlers.has(subject as string)) throw new Error(`Two methods consume ${subject}: make it one.`);
    super.addHandler(subject, handler, isEvent, extras);
  }

  /** Starts a consumer for every event that a method handles; called by Nest, ready when the broker knows all of them. */
  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  /** Takes no further event, hands those back that are on their way to it, and waits for those in flight. */
  async close(): Promise<void> {
    this.draining = true;
    await Promise.all([...this.open.values()].map(stopReceiving));
    await Promise.all(this.inFlight);
  }

  /** Events end before the outbox sends its last rows; Nest itself would close transports only after that. */
  onModuleDestroy(): Promise<void> {
    return this.close();
  }

  /** The names of the durable consumers, by the subject of their contract. */
  consumers(): ReadonlyMap<string, string> {
    return this.names;
  }

  on(status: string, react: () => void): void {
    onStatus(this.nats, (type) => {
      if (type === status) react();
    });
  }

  unwrap<T = JetStreamClient>(): T {
    return this.client as T;
  }

  private async start(): Promise<void> {
    const giveUpAt = Date.now() + START_TIMEOUT_MS;
    await Promise.all([...this.messageHandlers].map(([subject, handler]) => this.consume(subject, handler, giveUpAt)));
  }

  private async consume(subject: string, handler: MessageHandler, giveUpAt: number): Promise<void> {
    const contract = contractOf<Event>(subject, handler);
    const name = consumerName(this.service, contract);
    this.outcomes.expect(contract);
    this.names.set(contract.subject, name);
    const consumer = await this.find(name, giveUpAt);
    if (!consumer) return;
    const messages = await consumer.consume({
      max_messages: MAX_IN_FLIGHT,
      callback: (message) => {
        // Another replica has it at once; unsaid, it would come there when the time for its acknowledgement is over.
        if (this.draining) return message.nak();
        const work = this.deliver(contract, name, handler, message).finally(() => this.inFlight.delete(work));
        this.inFlight.add(work);
      },
    });
    this.open.set(name, messages);
    void this.restartWhenGone(messages, subject, handler);
  }

  /** The consumer, as soon as it is there; nothing when the service stops first. Throws when the time is over. */
  private async find(name: string, giveUpAt: number): Promise<Consumer | undefined> {
    while (!this.draining) {
      try {
        return await this.client.consumers.get(EVENT_STREAM.name, name);
      } catch (error) {
        if (error instanceof PermissionViolationError || Date.now() > giveUpAt) throw notThere(name, error);
        await setTimeout(POLL_INTERVAL_MS, undefined, { ref: false });
      }
    }
    return undefined;
  }

  private async restartWhenGone(messages: ConsumerMessages, subject: string, handler: MessageHandler): Promise<void> {
    for await (const { type } of messages.status()) {
      if (this.draining || !GONE.has(type)) continue;
      this.log.error({ subject, status: type }, 'consumer is gone, waiting until the administrator has made it again');
      messages.stop();
      await this.consume(subject, handler, Infinity).catch((error: unknown) =>
        this.log.error({ err: error, subject }, 'consumer not restored'),
      );
      return;
    }
  }

  private async deliver(contract: Event, consumer: string, handler: MessageHandler, message: JsMsg): Promise<void> {
    const context = new JetStreamContext(message, consumer, ACK_WAIT_MS);
    const span = this.tracer.startSpan(
      `consume ${contract.subject}`,
      {
        kind: SpanKind.CONSUMER,
        attributes: {
          'messaging.system': 'nats',
          'messaging.destination.name': contract.subject,
          'correlation.id': context.correlationId,
        },
      },
      traceOf(message.headers),
    );
    try {
      const traced = trace.setSpan(otelContext.active(), span);
      await lastValueOf(await handle(handler, message.json(), context, traced), context, traced);
      this.outcomes.done(contract, message);
    } catch (error) {
      span.recordException(error as Error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      // Where the broker cannot be reached any more it delivers the event again.
      await this.outcomes
        .failed(contract, context, message, error)
        .catch((failure: unknown) => this.log.warn({ err: failure, consumer }, 'outcome of an event not reported'));
    } finally {
      span.end();
    }
  }
}

/** Ends the subscription when all that NATS has sent to it has come. The client's own `stop` drops what is on its way. */
async function stopReceiving(messages: ConsumerMessages): Promise<void> {
  const { sub } = messages as ConsumerMessages & { sub: Subscription };
  if (!sub.isClosed()) await sub.drain();
  messages.stop();
}

const notThere = (name: string, cause: unknown): Error =>
  new Error(`NATS has no consumer ${name} for this service: the step that makes streams and consumers comes first.`, {
    cause,
  });
