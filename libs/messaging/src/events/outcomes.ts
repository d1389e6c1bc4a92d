import type { JetStreamClient, JsMsg } from '@nats-io/jetstream';
import type { Counter, Registry } from 'prom-client';
import { AppError, type Event } from '@fowergram/contracts-core';
import { counter, type Logger } from '@fowergram/service-kit';
import { toAppError } from '../errors.js';
import { deadLetterSubject } from '../subjects.js';
import { deadLetterHeaders } from './dead-letters.js';
import type { EventContext } from './jetstream.context.js';

const POISON_AFTER_TRIES = 5;

/** Says to the broker how an event ended: acknowledged, tried again later, or given up as a dead letter. */
export class Outcomes {
  private readonly handled: Counter<'subject' | 'outcome'>;
  private readonly dead: Counter<'subject'>;

  constructor(
    private readonly client: JetStreamClient,
    private readonly log: Logger,
    metrics: Registry,
  ) {
    this.handled = counter(metrics, 'event_handled_total', 'Events consumed, by subject and outcome.', [
      'subject',
      'outcome',
    ]);
    this.dead = counter(metrics, 'event_dead_letter_total', 'Events given up after repeated failure.', ['subject']);
  }

  /** Begins the counters of an event: one that begins with its first failure hides it from whoever looks at the increase. */
  expect({ subject }: Event): void {
    for (const outcome of ['done', 'retried', 'dead']) this.handled.inc({ subject, outcome }, 0);
    this.dead.inc({ subject }, 0);
  }

  done({ subject }: Event, message: JsMsg): void {
    message.ack();
    this.handled.inc({ subject, outcome: 'done' });
  }

  async failed(
    { subject }: Event,
    { consumer, correlationId }: EventContext,
    message: JsMsg,
    error: unknown,
  ): Promise<void> {
    const tries = message.info.deliveryCount;
    // What is only out of reach will be back: waiting is not the event's fault and is not counted against it.
    const passing = error instanceof AppError && error.code === 'UNAVAILABLE';
    this.log.error({ err: error, subject, tries, correlationId }, 'event failed');
    if (passing || tries < POISON_AFTER_TRIES) {
      this.handled.inc({ subject, outcome: 'retried' });
      return message.nak(passing ? 500 : 100 * 2 ** tries);
    }
    await this.giveUp(subject, consumer, message, toAppError(error));
  }

  private async giveUp(subject: string, consumer: string, message: JsMsg, error: AppError): Promise<void> {
    try {
      await this.client.publish(deadLetterSubject(consumer), message.data, {
        msgID: `${consumer}:${message.info.streamSequence}`,
        headers: deadLetterHeaders(message, error),
      });
      // Without a reason: NATS before 2.10.4 does not understand one and would deliver for ever.
      message.term();
      this.dead.inc({ subject });
      this.handled.inc({ subject, outcome: 'dead' });
    } catch (error) {
      this.log.error({ err: error, subject }, 'dead letter not stored, the event stays');
      message.nak(1_000);
    }
  }
}
