import { Injectable } from '@nestjs/common';
import type { Reading } from '@fowergram/contracts-core';
import { Database, one, type Stretch, stretchOf, type Tx } from '@fowergram/database';
import { relationOf } from '@fowergram/visibility';
import { type PlacedRow, selectPlacedIn } from '../posts/placed-posts.repository.js';
import { isVisiblePost } from '../posts/visible-posts.rules.js';
import { mayShare } from './co-authored.rules.js';
import type { Shared } from './co-authors.repository.js';

/** Two who may be in a block. */
export type Pair = [string, string];

/** Posts as far as those whom their authors have invited see them, and what a block between two of them means. */
@Injectable()
export class SharedPostsRepository {
  constructor(private readonly db: Database) {}

  /** A stretch of the posts that the user is invited to and sees, latest invitation first. */
  async invitationsOf(userId: string, { from, size }: Reading): Promise<Stretch<PlacedRow>> {
    return stretchOf(await this.db.query<PlacedRow>(INVITATIONS, [userId, userId, from.at, from.id, size + 1]));
  }

  /** Blocks between the user and each of those whose post it is wait for the end of the transaction. */
  async lockPairs(tx: Tx, postId: string, userId: string): Promise<void> {
    await tx.query(LOCK_PAIRS_OF_POST, [postId, userId]);
  }

  /** The user sees the post and is in no block with anybody whose it is; asked after the locks of the pairs. */
  async mayShare(tx: Tx, postId: string, userId: string): Promise<boolean> {
    return one(await tx.query<{ may: boolean }>(MAY_SHARE, [postId, userId])).may;
  }

  /** Whether the pairs may share anything: nearly none do, and are asked no more. */
  async haveAny(pairs: Pair[]): Promise<boolean> {
    return one(await this.db.query<{ any: boolean }>(HAVE_ANY, columnsOf(pairs))).any;
  }

  /** Waits for whoever accepts what the pairs share; asked after the blocks are stored. */
  async lock(tx: Tx, pairs: Pair[]): Promise<void> {
    await tx.query(LOCK_PAIRS, columnsOf(pairs));
  }

  /** What ends by a block between the pairs: between author and co-author that, between two co-authors that of the later one. */
  endedBy(tx: Tx, pairs: Pair[]): Promise<Shared[]> {
    return tx.query<Shared>(ENDED_BY, columnsOf(pairs));
  }
}

const columnsOf = (pairs: Pair[]): unknown[] => [pairs.map(([one]) => one), pairs.map(([, other]) => other)];

const INVITATIONS = selectPlacedIn('co_author', `user_id = $2 and state = 'INVITED'`);

/** The lock of a pair, whoever of the two comes first. */
const pairLock = (one: string, other: string): string =>
  `hashtextextended('co-authors:' || least(${one}, ${other}) || ':' || greatest(${one}, ${other}), 0)`;

// In the order of the keys, so that two who take the same ones do not wait for each other.
const LOCK_PAIRS_OF_POST = `
  select pg_advisory_xact_lock(key) from (
    select ${pairLock('$2::uuid', 'whose.id')} as key
    from (select author_id || co_author_ids as ids from post where id = $1) post cross join unnest(post.ids) as whose (id)
    order by key
  ) keys`;

const LOCK_PAIRS = `
  select pg_advisory_xact_lock(key) from (
    select distinct ${pairLock('pair.one', 'pair.other')} as key from unnest($1::uuid[], $2::uuid[]) as pair (one, other) order by key
  ) keys`;

const MAY_SHARE = `
  select exists (select from post where id = $1 and ${isVisiblePost('$2', 'post')} and ${mayShare('$2', 'post')}) as may`;

const HAVE_ANY = `
  select exists (
    select from unnest($1::uuid[], $2::uuid[]) as pair (one, other) cross join lateral (
      (select true from co_author where author_id = pair.one and user_id = pair.other limit 1)
      union all
      (select true from co_author mine
        cross join lateral (select true from co_author where post_id = mine.post_id and user_id = pair.other limit 1) theirs
        where mine.user_id = pair.one limit 1)
    ) shared
  ) as any`;

// Each pair comes both ways, since it is not said who of the two blocks. An event of a block may come when it is over.
const ENDED_BY = `
  select c.post_id as "postId", c.author_id as "authorId", c.user_id as "userId"
  from unnest($1::uuid[], $2::uuid[]) as pair (one, other)
  cross join lateral (
    select post_id, author_id, user_id from co_author where author_id = pair.one and user_id = pair.other and state <> 'DECLINED'
    union
    select later.post_id, later.author_id, later.user_id
    from co_author earlier cross join lateral (
      select l.post_id, l.author_id, l.user_id from co_author l cross join lateral (select co_author_ids from post where id = l.post_id limit 1) p
      where l.post_id = earlier.post_id and l.user_id = pair.other and l.state = 'ACCEPTED'
        and array_position(p.co_author_ids, l.user_id) > array_position(p.co_author_ids, pair.one)
      limit 1
    ) later
    where earlier.user_id = pair.one and earlier.state = 'ACCEPTED'
  ) c
  where ${relationOf('pair.one', 'pair.other', 'blocked')} or ${relationOf('pair.other', 'pair.one', 'blocked')}
  group by c.post_id, c.author_id, c.user_id order by c.post_id, c.user_id`;
