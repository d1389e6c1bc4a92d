import { Injectable } from '@nestjs/common';
import type { Reading } from '@fowergram/contracts-core';
import { Database, one, type Stretch, stretchOf, type Tx } from '@fowergram/database';
import { type PlacedRow, selectPlacedIn } from '../posts/placed-posts.repository.js';
import { postLock, type Writer } from '../posts/posts.repository.js';

/** A user who has saved a post. */
export interface SaveEdge {
  postId: string;
  userId: string;
}

@Injectable()
export class SavesRepository {
  constructor(private readonly db: Database) {}

  /** Lets a user save one post after the other, and keeps the post from being deleted meanwhile. False when the user may not write any more. */
  async lock(tx: Tx, { postId, userId }: SaveEdge): Promise<boolean> {
    return one(await tx.query<Writer>(LOCK, [postLock(postId), `saves:${userId}`, userId])).mayWrite;
  }

  /** Whether there is room for the post among what the user has saved; there is for one that is saved. */
  async hasRoom(tx: Tx, { postId, userId }: SaveEdge, max: number): Promise<boolean> {
    return one(await tx.query<{ hasRoom: boolean }>(HAS_ROOM, [userId, postId, max])).hasRoom;
  }

  /** Saves the post, and counts it in the same statement; nothing happens where it is saved. */
  async insert(tx: Tx, { postId, userId }: SaveEdge, at: Date): Promise<void> {
    await tx.query(INSERT, [userId, postId, at]);
  }

  /** Takes the post out of what is saved and out of every collection; nothing happens where it is not saved. */
  async remove(tx: Tx, { postId, userId }: SaveEdge): Promise<void> {
    await tx.query('delete from collection_post where owner_id = $1 and post_id = $2', [userId, postId]);
    await tx.query(REMOVE, [userId, postId]);
  }

  /** A stretch of the saved posts that the user may see, latest save first. */
  async savedPosts(userId: string, { from, size }: Reading): Promise<Stretch<PlacedRow>> {
    return stretchOf(await this.db.query<PlacedRow>(SAVED, [userId, userId, from.at, from.id, size + 1]));
  }

  /** Those of the posts that the user has saved. */
  savedAmong(userId: string, ids: string[]): Promise<{ id: string }[]> {
    return this.db.query(AMONG, [userId, ids]);
  }
}

const LOCK =
  'select pg_advisory_xact_lock_shared(hashtextextended($1, 0)), pg_advisory_xact_lock(hashtextextended($2, 0)), may_write($3) as "mayWrite"';

const HAS_ROOM = `
  select count(*) < $3::bigint as "hasRoom"
  from (select from saved_post where user_id = $1 and post_id <> $2 limit $3::bigint) others`;

const INSERT = `
  with added as (
    insert into saved_post (user_id, post_id, created_at) values ($1, $2, $3) on conflict do nothing returning post_id
  )
  insert into post_counter_delta (post_id, saves) select post_id, 1 from added`;

const REMOVE = `
  with removed as (
    delete from saved_post where user_id = $1 and post_id = $2 returning post_id
  )
  insert into post_counter_delta (post_id, saves) select post_id, -1 from removed`;

const SAVED = selectPlacedIn('saved_post', 'user_id = $2');

const AMONG = 'select post_id as id from saved_post where user_id = $1 and post_id = any($2::uuid[])';
