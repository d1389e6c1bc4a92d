import { encodePosition, type Page, type Position, type Reading, toPageOf } from '@fowergram/contracts-core';
import type { Post } from '@fowergram/contracts-post';
import { type Direction, FORWARD, LOOKED_AT, readStretches, type Stretch, type StretchRow } from '@fowergram/database';
import { type PostRow, selectPosts, toPost } from './post-rows.repository.js';
import { isVisiblePost } from './visible-posts.rules.js';

/** A place in a list of posts, and the post that stands there; nulls where it is not shown. */
export type PlacedRow = StretchRow & { placed_at: Date; placed_id: string } & (PostRow | { id: null });

/** Reads a page of a list of posts, whose statement is selectPlaced. */
export async function readPlaced(
  reading: Reading,
  read: (next: Reading) => Promise<Stretch<PlacedRow>>,
): Promise<Page<Post>> {
  const { rows, end } = await readStretches(reading, read, placeOf);
  const posts = rows.filter((row): row is PlacedRow & PostRow => row.id !== null);
  const edgeOf = (row: PlacedRow & PostRow) => ({ cursor: encodePosition(placeOf(row)), node: toPost(row) });
  return toPageOf(posts, reading, edgeOf, end && encodePosition(placeOf(end)));
}

const placeOf = (row: PlacedRow): Position => ({ at: row.placed_at, id: row.placed_id });

/**
 * Selects a stretch of a list of posts, whose places (id, at) `candidates` has in its order: those of which the condition about `post` and
 * `place` is true, as the viewer in $1 sees them, $5 at most, and the place that is looked at last. Limit 1 keeps the look-ups of posts by
 * key, however long the list is.
 */
export const selectPlaced = (candidates: string, isWanted: string, way: Direction = FORWARD): string => `${selectPosts(
  `(
    select post.*, place.at as placed_at, place.id as placed_id, place.is_end, post.id is not null as is_shown
    from (
      select candidate.*, row_number() over (order by at ${way.order}, id ${way.order}) = ${LOOKED_AT} as is_end
      from (${candidates} limit ${LOOKED_AT}) candidate
    ) place
    left join lateral (select * from post where id = place.id and ${isWanted} limit 1) post on true
    where place.is_end or post.id is not null
    order by place.at ${way.order}, place.id ${way.order} limit $5
  ) p`,
  ['p.placed_at', 'p.placed_id', 'p.is_end as "isEnd"', 'p.is_shown as "isShown"'],
)}
  order by p.placed_at ${way.order}, p.placed_id ${way.order}`;

/** The same of a list that is the rows of a table of which a condition is true, after the position ($3, $4), latest first. */
export const selectPlacedIn = (
  table: 'saved_post' | 'collection_post' | 'tagged_user' | 'co_author',
  isListed: string,
  isWanted = 'true',
): string =>
  selectPlaced(
    `
        select post_id as id, created_at as at, listed.* from ${table} listed
        where ${isListed} and (created_at, post_id) < ($3::timestamptz, $4::uuid)
        order by created_at desc, post_id desc`,
    `${isVisiblePost('$1', 'post')} and ${isWanted}`,
  );
