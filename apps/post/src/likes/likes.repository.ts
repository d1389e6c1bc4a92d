import { Injectable } from '@nestjs/common';
import type { Position, Reading } from '@fowergram/contracts-core';
import {
  BACKWARD,
  type BothWays,
  Database,
  type Direction,
  FORWARD,
  one,
  type Stretch,
  stretchOfList,
  type StretchPlace,
  type Tx,
} from '@fowergram/database';
import { postLock, type Writer } from '../posts/posts.repository.js';
import { isVisiblePost } from '../posts/visible-posts.rules.js';
import { selectLikers } from './likers.sql.js';

export interface LikeEdge {
  postId: string;
  userId: string;
}

export interface LikeChange {
  authorId: string;
  /** Null when the edge was as wanted already. */
  version: number | null;
}

@Injectable()
export class LikesRepository {
  constructor(private readonly db: Database) {}

  /**
   * Serializes the changes of one edge, and keeps the post from being deleted meanwhile; likes of one post do not wait for each
   * other. False when the user may not write any more.
   */
  async lock(tx: Tx, { postId, userId }: LikeEdge): Promise<boolean> {
    return one(await tx.query<Writer>(LOCK, [postLock(postId), `like:${postId}:${userId}`, userId])).mayWrite;
  }

  /** Undefined when the user sees no such post. A change is counted in the same statement. */
  async insert(tx: Tx, { postId, userId }: LikeEdge, at: Date): Promise<LikeChange | undefined> {
    return (await tx.query<LikeChange>(INSERT, [postId, userId, at]))[0];
  }

  /** Undefined when the user sees no such post. A change is counted in the same statement. */
  async remove(tx: Tx, { postId, userId }: LikeEdge): Promise<LikeChange | undefined> {
    return (await tx.query<LikeChange>(REMOVE, [postId, userId]))[0];
  }

  /** A stretch of those whom the viewer sees like the post, newest like first, one more than are read at most; null when they see no such post. */
  async likers(
    postId: string,
    viewerId: string | null,
    { way, from, size }: Reading,
  ): Promise<Stretch<Position> | null> {
    const values = [postId, from.at, from.id, size + 1, viewerId];
    return stretchOfList(await this.db.query<StretchPlace | { id: null }>(LIKERS[way], values));
  }
}

const LOCK =
  'select pg_advisory_xact_lock_shared(hashtextextended($1, 0)), pg_advisory_xact_lock(hashtextextended($2, 0)), may_write($3) as "mayWrite"';

// The edge is locked by an earlier statement, so versions are drawn in the order in which its changes commit.
const INSERT = `
  with target as (
    select id, author_id from post where id = $1 and ${isVisiblePost('$2', 'post')}
  ), added as (
    insert into post_like (post_id, user_id, created_at) select id, $2, $3 from target
    on conflict do nothing returning post_id
  ), counted as (
    insert into post_counter_delta (post_id, likes, comments) select post_id, 1, 0 from added
  )
  select author_id as "authorId", (select nextval('edge_version') from added) as version from target`;

const REMOVE = `
  with target as (
    select id, author_id from post where id = $1 and ${isVisiblePost('$2', 'post')}
  ), removed as (
    delete from post_like where post_id = (select id from target) and user_id = $2 returning post_id
  ), counted as (
    insert into post_counter_delta (post_id, likes, comments) select post_id, -1, 0 from removed
  )
  select author_id as "authorId", (select nextval('edge_version') from removed) as version from target`;

const likers = (way: Direction): string =>
  selectLikers('post_like', 'post_id', 'post p', 'p', isVisiblePost('$5', 'p'), way);

const LIKERS: BothWays = { forward: likers(FORWARD), backward: likers(BACKWARD) };
