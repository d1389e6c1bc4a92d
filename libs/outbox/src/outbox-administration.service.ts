import { Injectable } from '@nestjs/common';
import { AppError, notFound, type OutboxState, type PublishedEvents } from '@fowergram/contracts-core';
import { Database, one } from '@fowergram/database';
import { Relay } from './relay.service.js';

const BATCH_SIZE = 2_000;

/** What operators see of the outbox, and do with it. */
@Injectable()
export class OutboxAdministration {
  constructor(
    private readonly db: Database,
    private readonly relay: Relay,
  ) {}

  /** How many messages wait to be published, and for how long. */
  async state(): Promise<OutboxState> {
    return one(await this.db.query<OutboxState>(STATE));
  }

  /** How much was published within a span, as far as it is still stored. */
  async published(since: Date, until: Date): Promise<PublishedEvents> {
    return one(await this.db.query<PublishedEvents>(PUBLISHED_SPAN, [since, until]));
  }

  /** Publishes an event once more, under its id; whoever has processed it does not do so again. */
  async republish(eventId: string): Promise<Record<string, never>> {
    const [event] = await this.db.query<{ isFresh: boolean }>(PUBLISHED, [eventId]);
    if (!event) throw notFound('event', ['eventId']);
    if (event.isFresh)
      throw new AppError('CONFLICT', 'This event was published within the last two minutes. Please try again then.');
    await this.db.query('update outbox set published_at = null where id = $1', [eventId]);
    this.relay.trigger();
    return {};
  }

  /** Publishes a batch of what was published within a span once more; answers how many events that were. */
  async republishSpan(since: Date, until: Date): Promise<number> {
    const events = await this.db.query(REPUBLISH_SPAN, [since, until, BATCH_SIZE]);
    this.relay.trigger();
    return events.length;
  }
}

const REPUBLISH_SPAN = `
  update outbox set published_at = null where id = any(array(
    select id from outbox where published_at >= $1 and published_at < $2 and subject like 'evt.%' order by published_at limit $3
    for update skip locked
  ))
  returning 1 as found`;

const PUBLISHED_SPAN = `
  select count(*)::int as events from outbox
  where published_at >= $1 and published_at < $2 and subject like 'evt.%'`;

const STATE = `
  select count(*)::int as waiting, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "oldestSeconds"
  from outbox where published_at is null`;

// The broker drops an id that it has seen within two minutes.
const PUBLISHED = `
  select coalesce(published_at > now() - interval '121 seconds', false) as "isFresh"
  from outbox where id = $1 and subject like 'evt.%'`;
