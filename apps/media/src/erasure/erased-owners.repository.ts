import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';
import { ownerLock } from '../locks/locks.repository.js';

const BATCH_SIZE = 5_000;

/** An SQL condition: the owner in this column is not being erased. Once that is done there is no row left to ask for. */
export const isNotErased = (column: string): string =>
  `(select true from erased_owner where owner_id = ${column} and erased_at is null limit 1) is null`;

/** Whose media are erased, how far that has come, and what else names an owner: stored responses and messages. */
@Injectable()
export class ErasedOwnersRepository {
  constructor(private readonly db: Database) {}

  /** From here on nothing is uploaded in the owner's name; true when nothing is left of them either. */
  async add(ownerId: string): Promise<boolean> {
    const [row] = await this.db.query<{ done: boolean }>(ADD, [ownerId]);
    return row!.done;
  }

  /** False when the owner is erased; otherwise their erasure waits until the transaction has ended. */
  async keep(tx: Tx, ownerId: string): Promise<boolean> {
    await tx.query('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [ownerLock(ownerId)]);
    // A statement of its own: it sees whatever was committed before the lock was given.
    return (await tx.query('select 1 from erased_owner where owner_id = $1', [ownerId])).length === 0;
  }

  /** Whether every message that names the owner is published. */
  async isPublished(ownerId: string): Promise<boolean> {
    return (await this.db.query(UNPUBLISHED, [ownerId])).length === 0;
  }

  /** Removes from the next page of stored responses those that name the owner; false after the last page. */
  async purgeResponses(ownerId: string): Promise<boolean> {
    return (await this.db.query(PURGE_RESPONSES, [ownerId, BATCH_SIZE])).length > 0;
  }

  /** Removes from the next page of messages those that name the owner; false after the last page. */
  async purgeMessages(ownerId: string): Promise<boolean> {
    return (await this.db.query(PURGE_MESSAGES, [ownerId, BATCH_SIZE])).length > 0;
  }

  async setErased(ownerId: string): Promise<void> {
    await this.db.query(`update erased_owner set erased_at = now(), answers_walked_to = '' where owner_id = $1`, [
      ownerId,
    ]);
  }
}

const ADD = `
  insert into erased_owner (owner_id) values ($1)
  on conflict (owner_id) do update set owner_id = excluded.owner_id
  returning erased_at is not null as done`;

const UNPUBLISHED =
  'select 1 from outbox where published_at is null and strpos(subject || payload::text, $1) > 0 limit 1';

// @NOTE No index finds an id in a JSON text, and a table of days is too much for one statement, so the tables are walked through in the
// order of their keys. Nothing that names the owner is added meanwhile: all of that needs a row of theirs, or their consent to be kept.
const PURGE_RESPONSES = `
  with page as (
    select key, answer from idempotency_key where key > (select answers_walked_to from erased_owner where owner_id = $1::uuid) order by key limit $2
  ), gone as (
    delete from idempotency_key where key = any(array(select key from page where strpos(key || answer::text, $1::text) > 0))
  )
  update erased_owner set answers_walked_to = (select key from page order by key desc limit 1)
  where owner_id = $1::uuid and exists (select from page) returning 1 as more`;

const PURGE_MESSAGES = `
  with page as (
    select id, subject, payload from outbox where id > (select messages_walked_to from erased_owner where owner_id = $1::uuid) order by id limit $2
  ), gone as (
    delete from outbox where id = any(array(select id from page where strpos(subject || payload::text, $1::text) > 0))
  )
  update erased_owner set messages_walked_to = (select id from page order by id desc limit 1)
  where owner_id = $1::uuid and exists (select from page) returning 1 as more`;
