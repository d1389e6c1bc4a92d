// What whoever is on call asks of NATS by the command fowergram; it needs nothing of Nest.
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { connectNats } from './connection.js';
import { type DeadLetter, deadLetterAt, newestDeadLetters } from './events/dead-letters.js';
import { Bus } from './requests/bus.client.js';
import { DEAD_LETTER_STREAM, EVENT_STREAM } from './subjects.js';

const TIMEOUT_MS = 5_000;

/** How far a consumer is behind its events. */
export interface ConsumerLag {
  consumer: string;
  /** Events that were not delivered yet. */
  pending: number;
  /** Delivered and not acknowledged. */
  unacknowledged: number;
}

/** What a stream holds. */
export interface StreamState {
  stream: string;
  messages: number;
  bytes: number;
  /** When the first and the last message that it still holds were stored; null where it holds none. */
  from: string | null;
  to: string | null;
}

/** NATS as its user `operator` may use it. */
export class Operation {
  readonly bus: Bus;

  private constructor(
    private readonly nats: NatsConnection,
    private readonly manager: JetStreamManager,
  ) {
    this.bus = new Bus(nats, new Registry(), pino({ enabled: false }));
  }

  /** Connects as the user that the address names. */
  static async open(url: string): Promise<Operation> {
    const nats = await connectNats(url, 'operator');
    return new Operation(nats, await jetstreamManager(nats, { checkAPI: false, timeout: TIMEOUT_MS }));
  }

  /** The last dead letters, the newest first. */
  deadLetters(limit: number): Promise<DeadLetter[]> {
    return newestDeadLetters(this.manager, limit);
  }

  /** The dead letter with this number; undefined when there is none. */
  deadLetter(number: number): Promise<DeadLetter | undefined> {
    return deadLetterAt(this.manager, number);
  }

  async streams(): Promise<StreamState[]> {
    const infos = await Promise.all(
      [EVENT_STREAM, DEAD_LETTER_STREAM].map(({ name }) => this.manager.streams.info(name)),
    );
    return infos.map(({ config, state: { messages, bytes, first_ts: first, last_ts: last } }) => ({
      stream: config.name,
      messages,
      bytes,
      from: messages > 0 ? new Date(first).toISOString() : null,
      to: messages > 0 ? new Date(last).toISOString() : null,
    }));
  }

  /** The consumers that are behind. */
  async lags(): Promise<ConsumerLag[]> {
    const lags: ConsumerLag[] = [];
    for await (const info of this.manager.consumers.list(EVENT_STREAM.name))
      lags.push({ consumer: info.name, pending: info.num_pending, unacknowledged: info.num_ack_pending });
    return lags.filter(({ pending, unacknowledged }) => pending + unacknowledged > 0);
  }

  close(): Promise<void> {
    return this.nats.close();
  }
}
