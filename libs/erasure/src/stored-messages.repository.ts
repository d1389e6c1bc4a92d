import { Injectable } from '@nestjs/common';
import { Database, one, type Tx } from '@fowergram/database';

const BATCH_SIZE = 5_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

interface Page {
  last: string | null;
  waiting: boolean;
}

/** What names a user without being theirs: responses stored for repeats, and messages stored after they were published. */
@Injectable()
export class StoredMessagesRepository {
  constructor(private readonly db: Database) {}

  /** Whether every message that names the user is published. */
  async arePublished(tx: Tx, userId: string): Promise<boolean> {
    return one(await tx.query<{ published: boolean }>(ARE_PUBLISHED, [userId])).published;
  }

  /** Removes the responses that name the user. */
  async purgeResponses(userId: string, signal?: AbortSignal): Promise<void> {
    for (let after: string | null = ''; after !== null; signal?.throwIfAborted()) {
      const page: Pick<Page, 'last'> = one(await this.db.query(PURGE_RESPONSES, [userId, after, BATCH_SIZE]));
      after = page.last;
    }
  }

  /** Removes the published messages that name the user; false when there are some that still wait for being published. */
  purgeMessages(userId: string, signal?: AbortSignal): Promise<boolean> {
    return this.purge(userId, false, signal);
  }

  /** Removes every message that names the user, also those that wait for being published: nobody is to get them any more. */
  async withdrawMessages(userId: string, signal?: AbortSignal): Promise<void> {
    await this.purge(userId, true, signal);
  }

  private async purge(userId: string, withUnpublished: boolean, signal?: AbortSignal): Promise<boolean> {
    let isWaiting = false;
    for (let after: string | null = FIRST_ID; after !== null; signal?.throwIfAborted()) {
      const page: Page = one(await this.db.query(PURGE_MESSAGES, [userId, after, BATCH_SIZE, withUnpublished]));
      isWaiting ||= page.waiting;
      after = page.last;
    }
    return !isWaiting;
  }
}

// A push has the id of its receiver in its subject.
const IS_NAMED = `(strpos(subject, $1) > 0 or strpos(payload::text, $1) > 0)`;

const ARE_PUBLISHED = `select not exists (select from outbox where published_at is null and ${IS_NAMED}) as published`;

// No index finds an id in a JSON text, and a table of days is too much for one statement: both tables are read page by page in the
// order of their keys.
const PURGE_RESPONSES = `
  with page as (
    select key, strpos(key, $1) > 0 or strpos(answer::text, $1) > 0 as named from idempotency_key where key > $2 order by key limit $3
  ), gone as (
    delete from idempotency_key where key = any(array(select key from page where named))
  )
  select max(key) as last from page`;

const PURGE_MESSAGES = `
  with page as (
    select id, published_at is not null or $4 as removable, ${IS_NAMED} as named from outbox where id > $2 order by id limit $3
  ), gone as (
    delete from outbox where id = any(array(select id from page where named and removable))
  )
  select (select id from page order by id desc limit 1) as last, coalesce(bool_or(named and not removable), false) as waiting from page`;
