import { Injectable } from '@nestjs/common';
import type { Position, Reading } from '@fowergram/contracts-core';
import { MAX_LISTED } from '@fowergram/contracts-user';
import { Database, one, type Stretch, stretchOf, type StretchPlace, type Tx } from '@fowergram/database';
import { isActive } from '../accounts/account-status.sql.js';
import { isBlocked } from '../relations/blocks.sql.js';
import { lengthUpTo, selectOthers } from '../relations/pairs.sql.js';
import { atErasedUser } from '../relationships/relationships.rules.js';

export interface Mute {
  muterId: string;
  mutedId: string;
  postsUntil: string | null;
  notificationsUntil: string | null;
}

@Injectable()
export class MutesRepository {
  constructor(private readonly db: Database) {}

  /** Replaces a mute that there is; throws NOT_FOUND when one of the two is erased at this moment. */
  async set(tx: Tx, { muterId, mutedId, postsUntil, notificationsUntil }: Mute): Promise<void> {
    try {
      await tx.query(SET, [muterId, mutedId, postsUntil, notificationsUntil]);
    } catch (error) {
      throw atErasedUser(error, ENDS);
    }
  }

  async remove(tx: Tx, muterId: string, mutedId: string): Promise<void> {
    await tx.query('delete from mute where muter_id = $1 and muted_id = $2', [muterId, mutedId]);
  }

  /** How many there are, up to one more than there may be. */
  async length(tx: Tx, muterId: string): Promise<number> {
    return one(await tx.query<{ length: number }>(LENGTH, [muterId, MAX_LISTED])).length;
  }

  async list(muterId: string, { from, size }: Reading): Promise<Stretch<Position>> {
    return stretchOf(await this.db.query<StretchPlace>(LIST, [muterId, from.at, from.id, size + 1]));
  }

  /** Purges a batch of the mutes that are over; false when nothing is left. */
  async purgeEnded(): Promise<boolean> {
    return (await this.db.query(PURGE_ENDED)).length === BATCH_SIZE;
  }
}

const ENDS = { mute_muter_id_fkey: 'viewerId', mute_muted_id_fkey: 'userId' };

// A mute that is changed keeps its place in the list.
const SET = `
  insert into mute (muter_id, muted_id, posts_until, notifications_until, created_at) values ($1, $2, $3, $4, clock_timestamp())
  on conflict (muter_id, muted_id) do update set posts_until = excluded.posts_until, notifications_until = excluded.notifications_until`;

const LENGTH = lengthUpTo('mute', 'muter_id');

const BATCH_SIZE = 1_000;
const IS_OVER = 'greatest(posts_until, notifications_until) <= now()';

// By the places of the rows, since a mute has no key of one column.
const PURGE_ENDED = `
  delete from mute where ctid = any(array(
    select ctid from mute where ${IS_OVER} limit ${BATCH_SIZE} for update skip locked
  )) and ${IS_OVER}
  returning 1 as gone`;

const IS_IN_FORCE =
  '(select greatest(posts_until, notifications_until) > now() from mute where muter_id = $1 and muted_id = looked.id limit 1)';

const LIST = selectOthers(
  'mute',
  'muter_id',
  'muted_id',
  `${IS_IN_FORCE} and ${isActive('looked.id')} and not ${isBlocked('looked.id', '$1')}`,
);
