import { Injectable } from '@nestjs/common';
import type { Position, Reading } from '@fowergram/contracts-core';
import { MAX_LISTED } from '@fowergram/contracts-user';
import { Database, one, type Stretch, stretchOf, type StretchPlace, type Tx } from '@fowergram/database';
import { isActive } from '../accounts/account-status.sql.js';
import { lengthUpTo, selectOthers } from '../relations/pairs.sql.js';
import { atErasedUser } from '../relationships/relationships.rules.js';

@Injectable()
export class CloseFriendsRepository {
  constructor(private readonly db: Database) {}

  /** True when a row was added; throws NOT_FOUND when one of the two is erased at this moment. */
  async insert(tx: Tx, userId: string, friendId: string): Promise<boolean> {
    try {
      return (await tx.query(INSERT, [userId, friendId])).length > 0;
    } catch (error) {
      throw atErasedUser(error, ENDS);
    }
  }

  async remove(tx: Tx, userId: string, friendId: string): Promise<void> {
    await tx.query('delete from close_friend where user_id = $1 and friend_id = $2', [userId, friendId]);
  }

  /** Takes each of the two off the list of the other. */
  async removeBetween(tx: Tx, one: string, other: string): Promise<void> {
    await tx.query(REMOVE_BETWEEN, [[one, other]]);
  }

  /** How many there are, up to one more than there may be. */
  async length(tx: Tx, userId: string): Promise<number> {
    return one(await tx.query<{ length: number }>(LENGTH, [userId, MAX_LISTED])).length;
  }

  async list(userId: string, { from, size }: Reading): Promise<Stretch<Position>> {
    return stretchOf(await this.db.query<StretchPlace>(LIST, [userId, from.at, from.id, size + 1]));
  }
}

const ENDS = { close_friend_user_id_fkey: 'viewerId', close_friend_friend_id_fkey: 'userId' };

const INSERT = `
  insert into close_friend (user_id, friend_id, created_at) values ($1, $2, clock_timestamp())
  on conflict do nothing returning true as added`;
const REMOVE_BETWEEN = 'delete from close_friend where user_id = any($1::uuid[]) and friend_id = any($1::uuid[])';

const LENGTH = lengthUpTo('close_friend', 'user_id');

const LIST = selectOthers('close_friend', 'user_id', 'friend_id', isActive('looked.id'));
