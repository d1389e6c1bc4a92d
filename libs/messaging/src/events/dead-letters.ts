import type { JetStreamManager, JsMsg, StoredMsg } from '@nats-io/jetstream';
import { headers as natsHeaders, type MsgHdrs } from '@nats-io/nats-core';
import type { AppError } from '@fowergram/contracts-core';
import { DEAD_LETTER_STREAM, deadLetterSubject } from '../subjects.js';

const EVENT_ID = 'x-event-id';
const REASON = 'x-dead-reason';
const MAX_REASON_LENGTH = 300;
const PREFIX = deadLetterSubject('');

/** An event that a consumer has given up. */
export interface DeadLetter {
  number: number;
  consumer: string;
  /** Absent in those that a version before this one has stored. */
  eventId: string | null;
  reason: string | null;
  correlationId: string | null;
  storedAt: Date;
  payload: unknown;
}

/** What travelled with the event, its id, and why it was given up. */
export function deadLetterHeaders(message: Pick<JsMsg, 'headers'>, { code, cause, message: text }: AppError): MsgHdrs {
  const headers = natsHeaders();
  for (const name of message.headers?.keys() ?? []) headers.set(name, message.headers!.get(name));
  headers.set(EVENT_ID, message.headers?.get('Nats-Msg-Id') ?? '');
  headers.set(REASON, oneLine(`${code}: ${cause instanceof Error ? cause.message : text}`).slice(0, MAX_REASON_LENGTH));
  return headers;
}

/** The last dead letters, the newest first. */
export async function newestDeadLetters(manager: JetStreamManager, limit: number): Promise<DeadLetter[]> {
  const { state } = await manager.streams.info(DEAD_LETTER_STREAM.name);
  const letters: DeadLetter[] = [];
  for (let number = state.last_seq; number >= state.first_seq && letters.length < limit; number -= 1) {
    const letter = await deadLetterAt(manager, number);
    if (letter) letters.push(letter);
  }
  return letters;
}

/** The dead letter with this number; undefined when there is none, or none any more. */
export async function deadLetterAt(manager: JetStreamManager, number: number): Promise<DeadLetter | undefined> {
  const message = await manager.streams.getMessage(DEAD_LETTER_STREAM.name, { seq: number });
  return message ? toDeadLetter(message) : undefined;
}

const toDeadLetter = (message: StoredMsg): DeadLetter => ({
  number: message.seq,
  consumer: message.subject.slice(PREFIX.length),
  eventId: message.header?.get(EVENT_ID) || null,
  reason: message.header?.get(REASON) || null,
  correlationId: message.header?.get('x-correlation-id') || null,
  storedAt: message.time,
  payload: message.json(),
});

// A header is a line, of printable characters.
const oneLine = (text: string): string => text.replace(/[^\x20-\x7e]+/g, ' ').trim();
