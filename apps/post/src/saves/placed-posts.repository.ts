import type { Post } from '@fowergram/contracts-post';
import { type PostRow, selectPosts, toPost } from '../posts/post-rows.repository.js';
import { isVisiblePost } from '../posts/visible-posts.rules.js';

/** A post, and when it was put where it is. */
export interface PlacedPost {
  post: Post;
  at: Date;
}

export type PlacedRow = PostRow & { placed_at: Date };

export const toPlaced = (row: PlacedRow): PlacedPost => ({ post: toPost(row), at: row.placed_at });

/**
 * Selects the posts of a list, which is the rows of `table` with $2 in the column `of`, as the viewer in $1 sees them: up to $5 after the
 * position ($3, $4), what was put there last first. Limit 1 keeps the look-ups of posts by key, however long the list is.
 */
export const listOfPlaced = (
  table: 'saved_post' | 'collection_post' | 'tagged_user' | 'co_author',
  of: string,
  isWanted = 'true',
): string => `${selectPosts(
  `(
    select post.*, place.created_at as placed_at
    from ${table} place
    cross join lateral (select * from post where id = place.post_id and ${isVisiblePost('$1', 'post')} limit 1) post
    where place.${of} = $2 and (place.created_at, place.post_id) < ($3::timestamptz, $4::uuid) and ${isWanted}
    order by place.created_at desc, place.post_id desc limit $5
  ) p`,
  ['p.placed_at'],
)}
  order by p.placed_at desc, p.id desc`;
