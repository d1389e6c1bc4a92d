import { NatsContext } from '@nestjs/microservices';
import type { JsMsg } from '@nats-io/jetstream';
import type { Envelope } from '@fowergram/service-kit';
import { fromHeaders } from '../envelope.js';

/** What a consumer needs to know of an event to take it once. */
export interface EventContext {
  /** The id of the outbox row: the same for every delivery of this event. */
  eventId: string;
  /** The durable consumer that delivers it. */
  consumer: string;
  correlationId: string;
}

/** What `@Ctx()` gives to a method that consumes an event. */
export class JetStreamContext extends NatsContext implements EventContext, Envelope {
  readonly eventId: string;
  readonly correlationId: string;
  readonly deadlineAt: number;

  constructor(
    readonly message: Pick<JsMsg, 'subject' | 'headers' | 'info'>,
    readonly consumer: string,
    ackWaitMs: number,
  ) {
    super([message.subject, message.headers]);
    const { correlationId } = fromHeaders(message.headers, ackWaitMs);
    this.eventId = message.headers?.get('Nats-Msg-Id') ?? '';
    this.correlationId = correlationId;
    this.deadlineAt = Date.now() + ackWaitMs;
  }

  /** How often this event was delivered, this time included. */
  get tries(): number {
    return this.message.info.deliveryCount;
  }
}
