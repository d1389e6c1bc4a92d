import { Inject, Injectable } from '@nestjs/common';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { storedHeaders } from '../envelope.js';
import { NATS } from '../nats.token.js';
import { isPushSubject } from '../subjects.js';

/** A message as the outbox stores it: its subject is that of an event or of a push. */
export interface StoredMessage {
  id: string;
  subject: string;
  payload: unknown;
  correlationId: string | null;
  /** The trace that the message continues. */
  headers: Record<string, string> | null;
}

/** Publishes what was stored: an event into its stream, once per id, a push as a signal that the broker does not store. */
@Injectable()
export class StoredMessages {
  private readonly client: JetStreamClient;

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {
    this.client = jetstream(nats, { timeout: 3_000 });
  }

  /** Resolves when the broker has taken all of them; throws when it has not taken one. */
  async publish(messages: StoredMessage[]): Promise<void> {
    await Promise.all(messages.map((message) => this.publishOne(message)));
    if (messages.some(({ subject }) => isPushSubject(subject))) await this.nats.flush();
  }

  private async publishOne({ id, subject, payload, correlationId, headers }: StoredMessage): Promise<void> {
    const body = JSON.stringify(payload);
    const carried = storedHeaders(correlationId, headers);
    if (isPushSubject(subject)) return this.nats.publish(subject, body, { headers: carried });
    await this.client.publish(subject, body, { msgID: id, headers: carried });
  }
}
