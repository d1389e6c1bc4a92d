import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';

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

  async purge(): Promise<void> {
    await this.db.query(`delete from erased_user where done_at is not null and erased_at < now() - ${KEPT}`);
  }
}

const CLAIM = `
  update erased_user set due_at = now() + ${LEASE}
  where user_id = (
    select user_id from erased_user where done_at is null and due_at <= now() order by due_at limit 1 for update skip locked
  )
  returning user_id as id`;
