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
import { isCommentShownTo } from '../comments/visible-comments.rules.js';
import { selectLikers } from '../likes/likers.sql.js';
import { postLock, type Writer } from '../posts/posts.repository.js';
import { isVisiblePost } from '../posts/visible-posts.rules.js';

export interface CommentLikeEdge {
  commentId: string;
  userId: string;
}

export interface CommentLikeChange {
  postId: string;
  postAuthorId: string;
  authorId: string;
  /** Null when the edge was as wanted already. */
  version: number | null;
}

@Injectable()
export class CommentLikesRepository {
  constructor(private readonly db: Database) {}

  /**
   * Serializes the changes of one edge, and keeps comment and post from being deleted meanwhile; likes of one comment do not wait for
   * each other. False when the user may not write any more, undefined when there is no such comment.
   */
  async lock(tx: Tx, { commentId, userId }: CommentLikeEdge): Promise<boolean | undefined> {
    const [comment] = await tx.query<{ postId: string }>('select post_id as "postId" from comment where id = $1', [
      commentId,
    ]);
    if (!comment) return undefined;
    const values = [postLock(comment.postId), `comment:${commentId}`, `comment-like:${commentId}:${userId}`, userId];
    return one(await tx.query<Writer>(LOCK, values)).mayWrite;
  }

  /** Undefined when the user sees no such comment. A change is counted in the same statement. */
  async insert(tx: Tx, { commentId, userId }: CommentLikeEdge, at: Date): Promise<CommentLikeChange | undefined> {
    return (await tx.query<CommentLikeChange>(INSERT, [commentId, userId, at]))[0];
  }

  /** Undefined when the user sees no such comment. A change is counted in the same statement. */
  async remove(tx: Tx, { commentId, userId }: CommentLikeEdge): Promise<CommentLikeChange | undefined> {
    return (await tx.query<CommentLikeChange>(REMOVE, [commentId, userId]))[0];
  }

  /** A stretch of those whom the viewer sees like the comment, newest like first, one more than are read at most; null when they see no such comment. */
  async likers(
    commentId: string,
    viewerId: string | null,
    { way, from, size }: Reading,
  ): Promise<Stretch<Position> | null> {
    const values = [commentId, from.at, from.id, size + 1, viewerId];
    return stretchOfList(await this.db.query<StretchPlace | { id: null }>(LIKERS[way], values));
  }
}

const LOCK = `
  select pg_advisory_xact_lock_shared(hashtextextended($1, 0)), pg_advisory_xact_lock_shared(hashtextextended($2, 0)),
    pg_advisory_xact_lock(hashtextextended($3, 0)), may_write($4) as "mayWrite"`;

const TARGET = `
  select c.id, c.post_id, c.author_id, p.author_id as post_author_id from comment c join post p on p.id = c.post_id
  where c.id = $1 and c.deleted_at is null and ${isVisiblePost('$2', 'p')} and ${isCommentShownTo('$2')}`;

const change = (edges: string): string => `
  select post_id as "postId", post_author_id as "postAuthorId", author_id as "authorId",
    (select nextval('edge_version') from ${edges}) as version
  from target`;

// The edge is locked by an earlier statement, so versions are drawn in the order in which its changes commit.
const INSERT = `
  with target as (${TARGET}
  ), added as (
    insert into comment_like (comment_id, user_id, post_id, created_at) select id, $2, post_id, $3 from target
    on conflict do nothing returning comment_id
  ), counted as (
    insert into comment_counter_delta (comment_id, likes, replies) select comment_id, 1, 0 from added
  ) ${change('added')}`;

const REMOVE = `
  with target as (${TARGET}
  ), removed as (
    delete from comment_like where comment_id = (select id from target) and user_id = $2 returning comment_id
  ), counted as (
    insert into comment_counter_delta (comment_id, likes, replies) select comment_id, -1, 0 from removed
  ) ${change('removed')}`;

const likers = (way: Direction): string =>
  selectLikers(
    'comment_like',
    'comment_id',
    'comment c join post p on p.id = c.post_id',
    'c',
    `c.deleted_at is null and ${isVisiblePost('$5', 'p')} and ${isCommentShownTo('$5')}`,
    way,
  );

const LIKERS: BothWays = { forward: likers(FORWARD), backward: likers(BACKWARD) };
