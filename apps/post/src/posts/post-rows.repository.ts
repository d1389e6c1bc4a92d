import type { Audience, Post, PostState } from '@fowergram/contracts-post';

export interface PostRow {
  id: string;
  code: string;
  author_id: string;
  caption: string;
  /** Lists travel joined by commas, which neither ids nor hashtags contain, and times as numbers: the driver's own parsers are slow. */
  media_ids: string;
  hashtags: string;
  location: string | null;
  comments_disabled: boolean;
  is_sensitive: boolean;
  content_warning: string | null;
  audience: Audience;
  state: PostState;
  version: number;
  edited_ms: number | null;
  publish_ms: number | null;
  created_ms: number;
  like_count: number;
  comment_count: number;
  viewer_has_liked: boolean;
  save_count: number;
  hidden_reason: string | null;
}

const msOf = (time: string): string => `(date_part('epoch', ${time}) * 1000)::bigint`;

/**
 * Selects posts from `source`, a table expression named p, as the viewer in $1 (null for nobody) sees them. Counts are what is
 * stored plus what is not aggregated yet: one statement is one snapshot, so an aggregation that commits meanwhile is seen whole or not
 * at all. A list that is ordered by something else of `source` names the columns that it needs besides.
 */
export const selectPosts = (source: string, besides: string[] = []): string => `
  select p.id, p.code, p.author_id, p.caption, array_to_string(p.media_ids, ',') as media_ids, array_to_string(p.hashtags, ',') as hashtags,
    p.location, p.comments_disabled, p.is_sensitive, p.content_warning, p.audience, p.hidden_reason, p.state, p.version,
    ${msOf('p.created_at')} as created_ms, ${msOf('p.edited_at')} as edited_ms, ${msOf('p.publish_at')} as publish_ms,
    p.like_count + d.likes as like_count, p.comment_count + d.comments as comment_count, p.save_count + d.saves as save_count,
    exists (select from post_like l where l.post_id = p.id and l.user_id = $1::uuid) as viewer_has_liked${besides.map((column) => `, ${column}`).join('')}
  from ${source}
  cross join lateral (
    select coalesce(sum(likes), 0)::integer as likes, coalesce(sum(comments), 0)::integer as comments, coalesce(sum(saves), 0)::integer as saves
    from post_counter_delta where post_id = p.id
  ) d`;

/** Who is given a hidden post may read why it is hidden. */
export const toPost = (row: PostRow): Post =>
  row.hidden_reason === null ? toShownPost(row) : { ...toShownPost(row), hiddenReason: row.hidden_reason };

const toShownPost = (row: PostRow): Post => ({
  id: row.id,
  code: row.code,
  authorId: row.author_id,
  caption: row.caption,
  mediaIds: listOf(row.media_ids),
  hashtags: listOf(row.hashtags),
  location: row.location,
  commentsDisabled: row.comments_disabled,
  isSensitive: row.is_sensitive,
  contentWarning: row.content_warning,
  audience: row.audience,
  state: row.state,
  version: row.version,
  likeCount: row.like_count,
  commentCount: row.comment_count,
  viewerHasLiked: row.viewer_has_liked,
  saveCount: row.save_count,
  createdAt: new Date(row.created_ms).toISOString(),
  editedAt: timeOf(row.edited_ms),
  publishAt: timeOf(row.publish_ms),
});

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const listOf = (joined: string): string[] => (joined === '' ? [] : joined.split(','));
