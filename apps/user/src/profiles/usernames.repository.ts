import { Injectable } from '@nestjs/common';
import { foldedUsername, usernameSkeleton } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';

/** Names that nobody has and nobody may take yet. */
@Injectable()
export class UsernamesRepository {
  constructor(private readonly db: Database) {}

  /** True when the name, or one with the same skeleton, was a deleted account's not long ago. */
  async isHeld(tx: Tx, username: string): Promise<boolean> {
    return (await tx.query(IS_HELD, [foldedUsername(username), usernameSkeleton(username)])).length > 0;
  }

  async hold(tx: Tx, username: string): Promise<void> {
    await tx.query(HOLD, [foldedUsername(username), usernameSkeleton(username)]);
  }

  /** Purges the names that are free again. */
  async purgeFree(): Promise<void> {
    await this.db.query('delete from released_username where free_at <= now()');
  }
}

const IS_HELD = 'select from released_username where (folded = $1 or skeleton = $2) and free_at > now() limit 1';
const HOLD = `
  insert into released_username (folded, skeleton, free_at) values ($1, $2, now() + interval '30 days')
  on conflict (folded) do update set skeleton = excluded.skeleton, free_at = excluded.free_at`;
