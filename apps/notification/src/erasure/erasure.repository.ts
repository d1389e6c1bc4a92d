import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';

const BATCH_SIZE = 5_000;
const LEASE = `interval '60 seconds'`;
/** Longer than any event can still arrive. */
const KEPT = `interval '30 days'`;

@Injectable()
export class ErasureRepository {
  constructor(private readonly db: Database) {}

  /** Waits for everything that is being written for this user or of what they did, and makes what comes next wait and see. */
  async lockUser(tx: Tx, userId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('recipient:' || $1, 0))`, [userId]);
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('actor:' || $1, 0))`, [userId]);
  }

  async addTombstone(tx: Tx, userId: string): Promise<void> {
    await tx.query('insert into erased_user (user_id) values ($1) on conflict do nothing', [userId]);
  }

  /** Takes a user of whom something may be left, so that nobody else takes them for a minute. */
  async claim(): Promise<string | undefined> {
    return (await this.db.query<{ id: string }>(CLAIM))[0]?.id;
  }

  async finish(userId: string): Promise<void> {
    await this.db.query('update erased_user set done_at = now() where user_id = $1', [userId]);
  }

  /** Removes messages that name the user from the next part of the outbox; answers where to go on, undefined at its end. */
  async erasePushes(userId: string, after = '00000000-0000-0000-0000-000000000000'): Promise<string | undefined> {
    return (
      (await this.db.query<{ last: string | null }>(ERASE_PUSHES, [userId, after, BATCH_SIZE]))[0]?.last ?? undefined
    );
  }

  async eraseAnswers(userId: string): Promise<void> {
    await this.db.query(`delete from idempotency_key where key like $1 || ':%'`, [userId]);
  }

  async purge(): Promise<void> {
    await this.db.query(`delete from erased_user where done_at is not null and erased_at < now() - ${KEPT}`);
  }
}

const CLAIM = `
  with due as (
    select user_id from erased_user where done_at is null and due_at <= now() order by due_at limit 1 for update skip locked
  )
  update erased_user e set due_at = now() + ${LEASE} from due where e.user_id = due.user_id returning e.user_id as id`;

// The id of the user is in the subject of what was for them, and in the payload of what was about them.
const ERASE_PUSHES = `
  with part as (
    select id from outbox where id > $2 order by id limit $3
  ), gone as (
    delete from outbox o using part
    where o.id = part.id and (o.subject like '%' || $1 || '%' or o.payload::text like '%' || $1 || '%')
  )
  select max(id::text) as last from part`;
