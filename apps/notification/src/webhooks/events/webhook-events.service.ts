import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@fowergram/database';
import { EventLog, type LoggedEvent, type LogRange } from '@fowergram/messaging';
import { Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { WebhookDeliveryService } from '../delivery/webhook-delivery.service.js';
import { reportedEvent, type ReportedEvent } from './reported-events.rules.js';
import { type LogPosition, type Subscriber, WebhookEventsRepository } from './webhook-events.repository.js';

const POLL_INTERVAL_MS = 250;
const BATCH_SIZE = 256;

/**
 * Reads the event log by its numbers and writes down what each webhook is to be notified of, in the transaction that notes how far the log is read:
 * no event is left out, and none is written twice, whatever process dies and however many read.
 */
@Injectable()
export class WebhookEventsService {
  constructor(
    private readonly db: Database,
    private readonly log: EventLog,
    private readonly events: WebhookEventsRepository,
    private readonly delivery: WebhookDeliveryService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Every(POLL_INTERVAL_MS, 'read events for webhooks')
  async read(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await this.readSome()));
  }

  /** True when there may be more. */
  private async readSome(): Promise<boolean> {
    const range = await this.log.range();
    const from = await this.positionIn(range);
    if (!from || from.sequence >= range.last) return false;
    // Asked after the log, so that whoever subscribed meanwhile misses nothing that comes from now on.
    const subscribers = await this.events.subscribers();
    const last = subscribers.length === 0 ? range.last : Math.min(range.last, from.sequence + BATCH_SIZE);
    const to = { madeAt: range.madeAt, sequence: last };
    const read = subscribers.length === 0 ? [] : await this.eventsBetween(from.sequence, last);
    await this.store(from, to, read, subscribers);
    return last < range.last;
  }

  /** Where to go on; undefined where nobody has begun, or another replica was faster. */
  private async positionIn(range: LogRange): Promise<LogPosition | undefined> {
    const position = await this.events.position();
    if (!position) {
      await this.events.begin(range);
      return undefined;
    }
    const isOfThisLog = position.madeAt.getTime() === range.madeAt.getTime() && position.sequence <= range.last;
    if (isOfThisLog && position.sequence + 1 >= range.first) return position;
    this.logger.error({ position, range }, 'webhooks have missed events that the log has no longer');
    const anew = { madeAt: range.madeAt, sequence: isOfThisLog ? range.first - 1 : Math.max(range.first - 1, 0) };
    const isMoved = await this.db.transaction((tx) => this.events.advance(tx, position, anew));
    return isMoved ? anew : undefined;
  }

  private async eventsBetween(after: number, last: number): Promise<LoggedEvent[]> {
    const numbers = Array.from({ length: last - after }, (_, index) => after + 1 + index);
    const read = await Promise.all(numbers.map((number) => this.log.at(number)));
    return read.filter((event) => event !== null);
  }

  /** What nobody can read is left out, so that all others are reported. */
  private reported(event: LoggedEvent): ReportedEvent | undefined {
    try {
      return reportedEvent(event);
    } catch (error) {
      this.logger.error(
        { err: error, subject: event.subject, eventId: event.id },
        'an event cannot be reported to webhooks',
      );
      return undefined;
    }
  }

  private async store(
    from: LogPosition,
    to: LogPosition,
    read: LoggedEvent[],
    subscribers: Subscriber[],
  ): Promise<void> {
    const reported = read.flatMap((event) => this.reported(event) ?? []);
    const pairs = reported.flatMap((event) =>
      subscribers.filter(({ events }) => events.includes(event.event)).map(({ id }) => ({ webhookId: id, event })),
    );
    const isStored = await this.db.transaction(async (tx) => {
      if (!(await this.events.advance(tx, from, to))) return false;
      if (pairs.length > 0) await this.events.insert(tx, pairs);
      return true;
    });
    if (isStored && pairs.length > 0) this.delivery.trigger();
  }
}
