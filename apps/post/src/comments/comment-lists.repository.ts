import { Injectable } from '@nestjs/common';
import type { Reading, ReadingWay } from '@fowergram/contracts-core';
import type { CommentOrder } from '@fowergram/contracts-post';
import { BACKWARD, type BothWays, Database, type Direction, FORWARD, type Sql } from '@fowergram/database';
import { isVisiblePost } from '../posts/visible-posts.rules.js';
import type { Place } from './comment-places.rules.js';
import { type CommentRow, IS_LISTED, selectComments } from './comment-rows.repository.js';
import { isCommentShownTo } from './visible-comments.rules.js';

type Listed = CommentRow | { id: null };

/** The lists of comments, as a viewer sees them. */
@Injectable()
export class CommentListsRepository {
  constructor(private readonly db: Database) {}

  /** The top comments of a post that are read, and one more where there is one; null when the viewer sees no such post. */
  async ofPost(
    order: CommentOrder,
    postId: string,
    viewerId: string | null,
    { way, from, size }: Reading<Place>,
  ): Promise<CommentRow[] | null> {
    const values = [viewerId, postId, size + 1, from.value, from.id];
    return toList(await this.db.query<Listed>(OF_POST[`${order} ${way}`], values));
  }

  /** The first top comments of each of these posts; nothing of posts that the viewer does not see. */
  ofPosts(order: CommentOrder, postIds: string[], viewerId: string | null, limit: number): Promise<CommentRow[]> {
    return this.db.query<CommentRow>(OF_POSTS[order], [viewerId, postIds, limit]);
  }

  /** The replies under a comment that are read, oldest first, and one more where there is one; null when the viewer sees no such comment. */
  async repliesTo(
    topId: string,
    viewerId: string | null,
    { way, from, size }: Reading<Place>,
  ): Promise<CommentRow[] | null> {
    return toList(await this.db.query<Listed>(REPLIES[way], [viewerId, topId, size + 1, from.value, from.id]));
  }

  /** The first replies to each of these comments, oldest first; nothing of comments that the viewer does not see. */
  firstRepliesTo(topIds: string[], viewerId: string | null, limit: number): Promise<CommentRow[]> {
    return this.db.query<CommentRow>(FIRST_REPLIES, [viewerId, topIds, limit]);
  }

  /** Those of the comments that the viewer sees, in no order. */
  byIds(sql: Sql, ids: string[], viewerId: string | null): Promise<CommentRow[]> {
    return sql.query<CommentRow>(BY_IDS, [viewerId, ids]);
  }
}

// The outer join distinguishes an empty list (one row of nulls) from the list of something that the viewer does not see (no row).
const toList = (rows: Listed[]): CommentRow[] | null =>
  rows.length === 0 ? null : rows.filter((row): row is CommentRow => row.id !== null);

const ordered = (column: string, way: Direction): string => `c.${column} ${way.order}, c.id ${way.order}`;

const some = (condition: string, order: string): string =>
  `(select * from comment c where ${condition} and ${IS_LISTED} and ${isCommentShownTo('$1')} order by ${order} limit $3) c`;

const IS_TOP = 'c.post_id = p.id and c.top_id is null';

const ofPost = (column: string, type: string, way: Direction): string => `
  ${selectComments(`post p left join lateral ${some(`${IS_TOP} and (c.${column}, c.id) ${way.behind} ($4::${type}, $5::uuid)`, ordered(column, way))} on true`)}
  where p.id = $2 and ${isVisiblePost('$1', 'p')} order by ${ordered(column, way)}`;

const NEWEST_FIRST = ofPost('created_at', 'timestamptz', FORWARD);
const OLDEST_FIRST = ofPost('created_at', 'timestamptz', BACKWARD);

const OF_POST: Record<`${CommentOrder} ${ReadingWay}`, string> = {
  'NEWEST forward': NEWEST_FIRST,
  'NEWEST backward': OLDEST_FIRST,
  'OLDEST forward': OLDEST_FIRST,
  'OLDEST backward': NEWEST_FIRST,
  'TOP forward': ofPost('like_count', 'integer', FORWARD),
  'TOP backward': ofPost('like_count', 'integer', BACKWARD),
};

const ofPosts = (order: string): string => `
  ${selectComments(`post p cross join lateral ${some(IS_TOP, order)}`)}
  where p.id = any($2::uuid[]) and ${isVisiblePost('$1', 'p')} order by ${order}`;

const OF_POSTS: Record<CommentOrder, string> = {
  NEWEST: ofPosts(ordered('created_at', FORWARD)),
  OLDEST: ofPosts(ordered('created_at', BACKWARD)),
  TOP: ofPosts(ordered('like_count', FORWARD)),
};

/** The comments with the wanted ids under which replies are looked for, with the authors of their posts. */
const tops = (wanted: string): string => `(
    select c.id as top, p.author_id from comment c join post p on p.id = c.post_id
    where c.id = ${wanted} and ${IS_LISTED} and ${isVisiblePost('$1', 'p')} and ${isCommentShownTo('$1')}
  ) p`;

const IS_REPLY = 'c.top_id = p.top';

const replies = (way: Direction): string => `
  ${selectComments(`${tops('$2')} left join lateral ${some(`${IS_REPLY} and (c.created_at, c.id) ${way.behind} ($4::timestamptz, $5::uuid)`, ordered('created_at', way))} on true`)}
  order by ${ordered('created_at', way)}`;

// A conversation is read from its beginning: its list goes from low keys to high ones.
const REPLIES: BothWays = { forward: replies(BACKWARD), backward: replies(FORWARD) };

const FIRST_REPLIES = `
  ${selectComments(`${tops('any($2::uuid[])')} cross join lateral ${some(IS_REPLY, ordered('created_at', BACKWARD))}`)}
  order by ${ordered('created_at', BACKWARD)}`;

const BY_IDS = `
  ${selectComments('comment c join post p on p.id = c.post_id')}
  where c.id = any($2::uuid[]) and ${IS_LISTED} and ${isVisiblePost('$1', 'p')} and ${isCommentShownTo('$1')}`;
