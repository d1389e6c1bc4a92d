import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';

export interface OpenErasure {
  userId: string;
  isErased: boolean;
}

/** Which accounts are to be erased, and how far that has come. */
@Injectable()
export class ErasuresRepository {
  constructor(private readonly db: Database) {}

  /** Forbids the user to write, once whatever they are writing at this moment is committed; ordered again, the end is reported again. */
  async add(tx: Tx, userId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('person:' || $1, 0))`, [userId]);
    await tx.query(
      'insert into erased_user (user_id) values ($1) on conflict (user_id) do update set reported_at = null',
      [userId],
    );
  }

  /** Erasures whose end is not reported to the user service; those with something left to erase come first. */
  open(limit: number): Promise<OpenErasure[]> {
    return this.db.query<OpenErasure>(OPEN, [limit]);
  }

  /** Locks other replicas out of this erasure until the transaction ends; false when one is at it, or it has come to its end. */
  async lock(tx: Tx, userId: string): Promise<boolean> {
    const rows = await tx.query(
      'select 1 from erased_user where user_id = $1 and erased_at is null for update skip locked',
      [userId],
    );
    return rows.length > 0;
  }

  async setErased(tx: Tx, userId: string): Promise<void> {
    await tx.query('update erased_user set erased_at = now() where user_id = $1', [userId]);
  }

  async setReported(userId: string): Promise<void> {
    await this.db.query('update erased_user set reported_at = now() where user_id = $1', [userId]);
  }

  async has(userId: string): Promise<boolean> {
    return (await this.db.query('select 1 from erased_user where user_id = $1', [userId])).length > 0;
  }
}

const OPEN = `
  select user_id as "userId", erased_at is not null as "isErased" from erased_user
  where reported_at is null order by erased_at is not null, requested_at limit $1`;
