import { Injectable } from '@nestjs/common';
import type { Event, Payload, Push } from '@fowergram/contracts-core';
import { newId, type Tx } from '@fowergram/database';
import { currentEnvelope, eventSubject, pushSubject, traceHeaders } from '@fowergram/messaging';
import { Relay } from './relay.service.js';

/** A row of the outbox, with its payload as JSON text: for a hot statement that writes the effect and its event at once. */
export interface OutboxRow {
  id: string;
  subject: string;
  payload: string;
  correlationId: string | null;
  /** The trace that the message continues, as JSON text. */
  headers: string | null;
}

/** A push to one user; its request is the one being served, unless another one caused it. */
export interface AddressedPush<P extends Push> {
  userId: string;
  payload: Payload<P>;
  correlationId?: string;
}

/** Makes the row of an event; throws when the payload breaks the contract. */
export function eventRow<E extends Event>(contract: E, payload: Payload<E>): OutboxRow {
  return rowOf(eventSubject(contract), contract.payload.parse(payload));
}

/** Writes messages in the transaction of the effect that they report; the relay sends them after the commit. */
@Injectable()
export class Outbox {
  constructor(private readonly relay: Relay) {}

  /** Records an event; it is published at least once if, and only if, the transaction commits. Returns the event's id. */
  async add<E extends Event>(tx: Tx, contract: E, payload: Payload<E>): Promise<string> {
    const row = eventRow(contract, payload);
    await insert(tx, [row]);
    return row.id;
  }

  /** Records many rows at once, made by `eventRow`. */
  async addAll(tx: Tx, rows: OutboxRow[]): Promise<void> {
    if (rows.length > 0) await insert(tx, rows);
  }

  /** Records pushes to the open sockets of users, sent like events and in this order, but not stored by the broker. */
  async addPushes<P extends Push>(tx: Tx, contract: P, pushes: AddressedPush<P>[]): Promise<void> {
    await insert(
      tx,
      pushes.map(({ userId, payload, correlationId }) => rowOf(pushSubject(userId, contract), payload, correlationId)),
    );
  }

  /** Call after the commit: sends at once what the next poll would send within a second. */
  trigger(): void {
    this.relay.trigger();
  }
}

function rowOf(subject: string, payload: unknown, correlationId = currentEnvelope()?.correlationId): OutboxRow {
  const trace = traceHeaders();
  return {
    id: newId(),
    subject,
    payload: JSON.stringify(payload),
    correlationId: correlationId ?? null,
    headers: trace ? JSON.stringify(trace) : null,
  };
}

async function insert(tx: Tx, rows: OutboxRow[]): Promise<void> {
  await tx.query(INSERT, [
    rows.map((row) => row.id),
    rows.map((row) => row.subject),
    rows.map((row) => row.payload),
    rows.map((row) => row.correlationId),
    rows.map((row) => row.headers),
  ]);
}

const INSERT =
  'insert into outbox (id, subject, payload, correlation_id, headers) select * from unnest($1::uuid[], $2::text[], $3::jsonb[], $4::text[], $5::jsonb[])';
