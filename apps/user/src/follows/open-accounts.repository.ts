import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';

/** Accounts that went public while others waited for them. */
@Injectable()
export class OpenAccountsRepository {
  constructor(private readonly db: Database) {}

  async ids(limit: number): Promise<string[]> {
    return idsOf(await this.db.query<{ id: string }>(OPEN, [limit]));
  }

  async waiting(tx: Tx, followeeId: string, limit: number): Promise<string[]> {
    return idsOf(await tx.query<{ id: string }>(WAITING, [followeeId, limit]));
  }

  /** False when the account is private again or done, or when another replica works on it now. */
  async lock(tx: Tx, followeeId: string): Promise<boolean> {
    return (await tx.query(LOCK, [followeeId])).length > 0;
  }

  /** Notes that nobody waits any more. */
  async close(tx: Tx, followeeId: string): Promise<void> {
    await tx.query('update profile set accepts_all = false where id = $1', [followeeId]);
  }
}

const idsOf = (rows: { id: string }[]): string[] => rows.map(({ id }) => id);

const OPEN = 'select id from profile where accepts_all order by id limit $1';
const WAITING =
  'select follower_id as id from follow_request where followee_id = $1 order by created_at desc, follower_id desc limit $2';
const LOCK = 'select from profile where id = $1 and accepts_all for no key update skip locked';
