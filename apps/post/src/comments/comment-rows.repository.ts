import type { Comment } from '@fowergram/contracts-post';
import { mutesWords } from '@fowergram/visibility';

/** A comment, whatever words its reader has muted. */
export type StoredComment = Omit<Comment, 'isMuted'>;

/** A comment as a viewer reads it, and whether they have muted words, which may be in it. */
export interface CommentRow {
  id: string;
  post_id: string;
  author_id: string;
  parent_id: string | null;
  top_id: string | null;
  text: string;
  is_deleted: boolean;
  hidden_reason: string | null;
  like_count: number;
  reply_count: number;
  viewer_has_liked: boolean;
  created_at: Date;
  edited_at: Date | null;
  mutes_words: boolean;
  /** The likes by which lists are ordered, to which the newest are added a moment later. */
  ranked_likes: number;
}

/**
 * Selects comments from `source`, a table expression with the comment c, as the viewer in $1 (null for nobody) sees them. Counts are
 * what is stored plus what is not aggregated yet, as those of posts.
 */
export const selectComments = (source: string, more = ''): string => `
  select c.id, c.post_id, c.author_id, c.parent_id, c.top_id, c.text, c.deleted_at is not null as is_deleted, c.hidden_reason,
    c.like_count + d.likes as like_count, c.reply_count + d.replies as reply_count, c.like_count as ranked_likes,
    exists (select from comment_like l where l.comment_id = c.id and l.user_id = $1::uuid) as viewer_has_liked,
    c.created_at, c.edited_at, ${mutesWords('$1')} as mutes_words${more}
  from ${source}
  cross join lateral (
    select coalesce(sum(likes), 0)::integer as likes, coalesce(sum(replies), 0)::integer as replies
    from comment_counter_delta where comment_id = c.id
  ) d`;

/** An SQL condition: lists show the comment `c`, deleted or not. */
export const IS_LISTED = '(c.deleted_at is null or c.placeholder)';

/** Who is given a hidden comment may read why it is hidden. */
export const toComment = (row: CommentRow): StoredComment => ({
  id: row.id,
  postId: row.post_id,
  authorId: row.author_id,
  parentId: row.parent_id,
  topId: row.top_id,
  text: row.text,
  isDeleted: row.is_deleted,
  likeCount: row.like_count,
  viewerHasLiked: row.viewer_has_liked,
  replyCount: row.reply_count,
  createdAt: row.created_at.toISOString(),
  editedAt: row.edited_at?.toISOString() ?? null,
  ...(row.hidden_reason !== null && { hiddenReason: row.hidden_reason }),
});
