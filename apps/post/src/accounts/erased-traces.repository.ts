import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';
import type { OutboxRow } from '@fowergram/outbox';

const ROWS_AT_ONCE = 5_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** What names a person beside what they have written: counters, answers kept for repeats, and messages kept after they were published. */
@Injectable()
export class ErasedTracesRepository {
  constructor(private readonly db: Database) {}

  /** Adds many events with one statement. */
  async publish(tx: Tx, events: OutboxRow[]): Promise<void> {
    if (events.length === 0) return;
    const column = (valueOf: (event: OutboxRow) => string | null) => events.map(valueOf);
    await tx.query(PUBLISH, [
      column(({ id }) => id),
      column(({ subject }) => subject),
      column(({ payload }) => payload),
      column(({ correlationId }) => correlationId),
      column(({ headers }) => headers),
    ]);
  }

  /** Whether every message that names the person is published, and every count of their posts folded. */
  async areSettled(tx: Tx, userId: string): Promise<boolean> {
    const [row] = await tx.query<{ settled: boolean }>(ARE_SETTLED, [userId]);
    return row!.settled;
  }

  /** Removes from a page of answers those that name the person; answers where the page ends, undefined behind the last one. */
  async forgetAnswers(userId: string, after = ''): Promise<string | undefined> {
    return (await this.db.query<{ last: string }>(FORGET_ANSWERS, [userId, after, ROWS_AT_ONCE]))[0]?.last;
  }

  /** Removes from a page of messages those that are published and name the person; answers where the page ends, undefined behind the last one. */
  async forgetMessages(userId: string, after = FIRST_ID): Promise<string | undefined> {
    return (await this.db.query<{ last: string }>(FORGET_MESSAGES, [userId, after, ROWS_AT_ONCE]))[0]?.last;
  }

  async forgetCounter(tx: Tx, userId: string): Promise<void> {
    await tx.query('delete from author_counter where author_id = $1', [userId]);
  }
}

const PUBLISH =
  'insert into outbox (id, subject, payload, correlation_id, headers) select * from unnest($1::uuid[], $2::text[], $3::jsonb[], $4::text[], $5::jsonb[])';

const ARE_SETTLED = `
  select not exists (select from author_counter_delta where author_id = $1::uuid)
    and not exists (select from outbox where published_at is null and strpos(payload::text, $1::text) > 0) as settled`;

// @NOTE Both walk in the order of the key, since no index finds an id in a JSON text; a page at a time, as a table of days is too much for one statement.
const FORGET_ANSWERS = `
  with page as (
    select key, answer from idempotency_key where key > $2 order by key limit $3
  ), gone as (
    delete from idempotency_key k using page where k.key = page.key and (strpos(page.key, $1) > 0 or strpos(page.answer::text, $1) > 0)
  )
  select key as last from page order by key desc limit 1`;

const FORGET_MESSAGES = `
  with page as (
    select id, payload, published_at from outbox where id > $2 order by id limit $3
  ), gone as (
    delete from outbox o using page where o.id = page.id and page.published_at is not null and strpos(page.payload::text, $1) > 0
  )
  select id as last from page order by id desc limit 1`;
