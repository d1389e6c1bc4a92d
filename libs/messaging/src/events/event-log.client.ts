import { Inject, Injectable } from '@nestjs/common';
import { jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { LRUCache } from 'lru-cache';
import { type Event, parseInput, type Payload } from '@fowergram/contracts-core';
import { NATS } from '../nats.token.js';
import { EVENT_STREAM, eventSubject } from '../subjects.js';

/** Events that were read lately: whoever watches stands near the end of the log, together with all others who do. */
const MAX_REMEMBERED = 2_000;
/** How old the answer may be to the question which events there are. */
const RANGE_FRESH_MS = 200;
const TIMEOUT_MS = 2_000;

/** A stored event with its number. */
export interface LoggedEvent {
  sequence: number;
  /** The id that its outbox has given it. */
  id: string;
  /** What contracts call it behind eventSubject. */
  subject: string;
  payload: unknown;
  storedAt: Date;
}

/** The numbers of the first and the last event; a log that was made at another time has others. */
export interface LogRange {
  madeAt: Date;
  first: number;
  last: number;
}

/** How to show one kind of event of the log. */
export interface LogView<R> {
  subject: string;
  show: (payload: unknown) => R;
}

/** Reads an event of the log by its contract; this call is what lets a service read the log (tools/permissions). */
export const logged = <E extends Event, R>(contract: E, show: (payload: Payload<E>) => R): LogView<R> => ({
  subject: eventSubject(contract),
  show: (payload) => show(parseInput(contract.payload, payload) as Payload<E>),
});

/**
 * The stored events by their numbers, which have no gaps, without a durable consumer: any number of readers in any number of
 * processes read, each from where it wants. What several ask for is read once.
 */
@Injectable()
export class EventLog {
  private readonly known = new LRUCache<number, Promise<LoggedEvent | null>>({ max: MAX_REMEMBERED });
  private manager: Promise<JetStreamManager> | undefined;
  private asked: { at: number; range: Promise<LogRange> } | undefined;

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  /** Which events there were a moment ago. */
  range(): Promise<LogRange> {
    const now = Date.now();
    if (!this.asked || now - this.asked.at > RANGE_FRESH_MS) this.asked = { at: now, range: this.askRange() };
    return this.asked.range;
  }

  /** How much the log holds. */
  async size(): Promise<{ events: number; bytes: number }> {
    const { state } = await (await this.open()).streams.info(EVENT_STREAM.name);
    return { events: state.messages, bytes: state.bytes };
  }

  /** The event with this number; null when it is gone, or not there yet. */
  at(sequence: number): Promise<LoggedEvent | null> {
    const known = this.known.get(sequence);
    if (known) return known;
    const event = this.read(sequence);
    this.known.set(sequence, event);
    // What could not be read is asked for again, and so is what may still come.
    const drop = () => this.known.delete(sequence);
    void event.then((found) => found ?? drop(), drop);
    return event;
  }

  private async askRange(): Promise<LogRange> {
    const { created, state } = await (await this.open()).streams.info(EVENT_STREAM.name);
    return { madeAt: new Date(created), first: state.first_seq, last: state.last_seq };
  }

  private async read(sequence: number): Promise<LoggedEvent | null> {
    const message = await (await this.open()).streams.getMessage(EVENT_STREAM.name, { seq: sequence });
    return message && toLoggedEvent(message);
  }

  private open(): Promise<JetStreamManager> {
    return (this.manager ??= jetstreamManager(this.nats, { checkAPI: false, timeout: TIMEOUT_MS }));
  }
}

const toLoggedEvent = (message: StoredMsg): LoggedEvent => ({
  sequence: message.seq,
  id: message.header.get('Nats-Msg-Id') || String(message.seq),
  subject: message.subject,
  payload: message.json(),
  storedAt: message.time,
});
