import { Inject, Injectable } from '@nestjs/common';
import type { Event, Payload, Push } from '@fowergram/contracts-core';
import { newId, type Tx } from '@fowergram/database';
import { currentEnvelope, eventSubject, pushSubject } from '@fowergram/messaging';
import { Relay } from './relay.js';

/** Writes messages in the transaction of the effect that they tell of; the relay sends them after the commit. */
@Injectable()
export class Outbox {
  constructor(@Inject(Relay) private readonly relay: Relay) {}

  /** Records an event; it is published at least once if, and only if, the transaction commits. Returns the event's id. */
  async add<E extends Event>(tx: Tx, contract: E, payload: Payload<E>): Promise<string> {
    return this.insert(tx, eventSubject(contract), contract.payload.parse(payload));
  }

  /** Records a push to the open sockets of one user, sent like an event but not stored by the broker. */
  async addPush<P extends Push>(tx: Tx, userId: string, contract: P, payload: Payload<P>): Promise<string> {
    return this.insert(tx, pushSubject(userId, contract), payload);
  }

  /** Call after the commit: sends at once what the next poll would send within a second. */
  wake(): void {
    this.relay.wake();
  }

  private async insert(tx: Tx, subject: string, payload: unknown): Promise<string> {
    const id = newId();
    await tx.query(INSERT_OUTBOX, [id, subject, JSON.stringify(payload), currentEnvelope()?.correlationId ?? null]);
    return id;
  }
}

const INSERT_OUTBOX = 'insert into outbox (id, subject, payload, correlation_id) values ($1, $2, $3, $4)';
