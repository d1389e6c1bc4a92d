import { Injectable } from '@nestjs/common';
import type { Reading, ReadingWay } from '@fowergram/contracts-core';
import type { CommentOrder } from '@fowergram/contracts-post';
import {
  BACKWARD,
  type BothWays,
  type Direction,
  FORWARD,
  LOOKED_AT,
  Replicas,
  type Sql,
  type Stretch,
  stretchOf,
  stretchOfList,
  type StretchRow,
} from '@fowergram/database';
import { isVisiblePost } from '../posts/visible-posts.rules.js';
import type { Place } from './comment-places.rules.js';
import { type CommentRow, IS_LISTED, selectComments } from './comment-rows.repository.js';
import { isCommentShownTo } from './visible-comments.rules.js';

/** A comment of a list that its reader sees, or behind which a stretch ends, or both. */
type ListedRow = CommentRow & StretchRow;
type Listed = ListedRow | { id: null };

export type CommentStretch = Stretch<CommentRow>;

/** The lists of comments as a viewer sees them, in stretches: one author alone can have written very many that the viewer does not see. */
@Injectable()
export class CommentListsRepository {
  constructor(private readonly replicas: Replicas) {}

  /** A stretch of the top comments of a post, one more than are read at most; null when the viewer sees no such post. */
  async ofPost(
    order: CommentOrder,
    postId: string,
    viewerId: string | null,
    { way, from, size }: Reading<Place>,
  ): Promise<CommentStretch | null> {
    const values = [viewerId, postId, size + 1, from.value, from.id];
    return stretchOfList(await this.replicas.query<Listed>(OF_POST[`${order} ${way}`], values));
  }

  /** The first stretch of the top comments of each of these posts; nothing of posts that the viewer does not see. */
  async ofPosts(
    order: CommentOrder,
    postIds: string[],
    viewerId: string | null,
    limit: number,
  ): Promise<Map<string, CommentStretch>> {
    const rows = await this.replicas.query<ListedRow>(OF_POSTS[order], [viewerId, postIds, limit]);
    return toStretches(rows, ({ post_id }) => post_id);
  }

  /** A stretch of the replies under a comment, oldest first, one more than are read at most; null when the viewer sees no such comment. */
  async repliesTo(
    topId: string,
    viewerId: string | null,
    { way, from, size }: Reading<Place>,
  ): Promise<CommentStretch | null> {
    return stretchOfList(
      await this.replicas.query<Listed>(REPLIES[way], [viewerId, topId, size + 1, from.value, from.id]),
    );
  }

  /** The first stretch of the replies to each of these comments, oldest first; nothing of comments that the viewer does not see. */
  async firstRepliesTo(topIds: string[], viewerId: string | null, limit: number): Promise<Map<string, CommentStretch>> {
    const rows = await this.replicas.query<ListedRow>(FIRST_REPLIES, [viewerId, topIds, limit]);
    return toStretches(rows, ({ top_id }) => top_id!);
  }

  /** Those of the comments that the viewer sees, in no order. */
  byIds(sql: Sql, ids: string[], viewerId: string | null): Promise<CommentRow[]> {
    return sql.query<CommentRow>(BY_IDS, [viewerId, ids]);
  }
}

function toStretches(rows: ListedRow[], keyOf: (row: ListedRow) => string): Map<string, CommentStretch> {
  const lists = new Map<string, ListedRow[]>();
  for (const row of rows) {
    const list = lists.get(keyOf(row));
    if (list) list.push(row);
    else lists.set(keyOf(row), [row]);
  }
  return new Map([...lists].map(([key, list]) => [key, stretchOf(list)]));
}

const ordered = (column: string, way: Direction): string => `c.${column} ${way.order}, c.id ${way.order}`;

/** The first of the comments that meet the condition: those that the viewer sees, $3 at most, and the last one that is looked at. */
const some = (condition: string, order: string): string => `(
    select c.* from (
      select c.*, row_number() over (order by ${order}) = ${LOOKED_AT} as is_end
      from (select * from comment c where ${condition} and ${IS_LISTED} order by ${order} limit ${LOOKED_AT}) c
    ) c
    where c.is_end or ${isCommentShownTo('$1')} order by ${order} limit $3
  ) c`;

const selectListed = (source: string): string =>
  selectComments(source, `, c.is_end as "isEnd", (not c.is_end or ${isCommentShownTo('$1')}) as "isShown"`);

const IS_TOP = 'c.post_id = p.id and c.top_id is null';

const ofPost = (column: string, type: string, way: Direction): string => `
  ${selectListed(`post p left join lateral ${some(`${IS_TOP} and (c.${column}, c.id) ${way.behind} ($4::${type}, $5::uuid)`, ordered(column, way))} on true`)}
  where p.id = $2 and ${isVisiblePost('$1', 'p')} order by ${ordered(column, way)}`;

const NEWEST_FIRST = ofPost('created_at', 'timestamptz', FORWARD);
const OLDEST_FIRST = ofPost('created_at', 'timestamptz', BACKWARD);

export const OF_POST: Record<`${CommentOrder} ${ReadingWay}`, string> = {
  'NEWEST forward': NEWEST_FIRST,
  'NEWEST backward': OLDEST_FIRST,
  'OLDEST forward': OLDEST_FIRST,
  'OLDEST backward': NEWEST_FIRST,
  'TOP forward': ofPost('like_count', 'integer', FORWARD),
  'TOP backward': ofPost('like_count', 'integer', BACKWARD),
};

const ofPosts = (order: string): string => `
  ${selectListed(`post p cross join lateral ${some(IS_TOP, order)}`)}
  where p.id = any($2::uuid[]) and ${isVisiblePost('$1', 'p')} order by ${order}`;

export const OF_POSTS: Record<CommentOrder, string> = {
  NEWEST: ofPosts(ordered('created_at', FORWARD)),
  OLDEST: ofPosts(ordered('created_at', BACKWARD)),
  TOP: ofPosts(ordered('like_count', FORWARD)),
};

/** The comments with the wanted ids under which replies are looked for, with the authors of their posts, each looked up by key. */
const tops = (wanted: string): string => `(
    select c.id as top, p.author_id from comment c
    cross join lateral (select author_id from post where id = c.post_id and ${isVisiblePost('$1', 'post')} limit 1) p
    where c.id = ${wanted} and ${IS_LISTED} and ${isCommentShownTo('$1')}
  ) p`;

const IS_REPLY = 'c.top_id = p.top';

const replies = (way: Direction): string => `
  ${selectListed(`${tops('$2')} left join lateral ${some(`${IS_REPLY} and (c.created_at, c.id) ${way.behind} ($4::timestamptz, $5::uuid)`, ordered('created_at', way))} on true`)}
  order by ${ordered('created_at', way)}`;

// A conversation is read from its beginning: its list goes from low keys to high ones.
export const REPLIES: BothWays = { forward: replies(BACKWARD), backward: replies(FORWARD) };

export const FIRST_REPLIES = `
  ${selectListed(`${tops('any($2::uuid[])')} cross join lateral ${some(IS_REPLY, ordered('created_at', BACKWARD))}`)}
  order by ${ordered('created_at', BACKWARD)}`;

const BY_IDS = `
  ${selectComments('comment c join post p on p.id = c.post_id')}
  where c.id = any($2::uuid[]) and ${IS_LISTED} and ${isVisiblePost('$1', 'p')} and ${isCommentShownTo('$1')}`;
