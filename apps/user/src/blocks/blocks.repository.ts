import { Injectable } from '@nestjs/common';
import type { Position, Reading } from '@fowergram/contracts-core';
import { MAX_LISTED } from '@fowergram/contracts-user';
import { Database, one, type Stretch, stretchOf, type StretchPlace, type Tx } from '@fowergram/database';
import { isActive } from '../accounts/account-status.sql.js';
import { lengthUpTo, selectOthers } from '../relations/pairs.sql.js';
import { atErasedUser } from '../relationships/relationships.rules.js';

@Injectable()
export class BlocksRepository {
  constructor(private readonly db: Database) {}

  /** True when a row was added; throws NOT_FOUND when one of the two is erased at this moment. */
  async insert(tx: Tx, blockerId: string, blockedId: string): Promise<boolean> {
    try {
      return (await tx.query(INSERT, [blockerId, blockedId])).length > 0;
    } catch (error) {
      throw atErasedUser(error, ENDS);
    }
  }

  async remove(tx: Tx, blockerId: string, blockedId: string): Promise<void> {
    await tx.query('delete from block where blocker_id = $1 and blocked_id = $2', [blockerId, blockedId]);
  }

  /** How many there are, up to one more than there may be. */
  async length(tx: Tx, blockerId: string): Promise<number> {
    return one(await tx.query<{ length: number }>(LENGTH, [blockerId, MAX_LISTED])).length;
  }

  async list(blockerId: string, { from, size }: Reading): Promise<Stretch<Position>> {
    return stretchOf(await this.db.query<StretchPlace>(LIST, [blockerId, from.at, from.id, size + 1]));
  }
}

const ENDS = { block_blocker_id_fkey: 'viewerId', block_blocked_id_fkey: 'userId' };

// clock_timestamp, not now: a transaction may have waited for its turn, and the order of the list is the order of the turns.
const INSERT = `
  insert into block (blocker_id, blocked_id, created_at) values ($1, $2, clock_timestamp())
  on conflict do nothing returning true as added`;

const LENGTH = lengthUpTo('block', 'blocker_id');

const LIST = selectOthers('block', 'blocker_id', 'blocked_id', isActive('looked.id'));
