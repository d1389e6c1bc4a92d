import { type Direction, selectStretch } from '@fowergram/database';
import { isShownTo, isUnblocked } from '@fowergram/visibility';

/**
 * Selects a stretch of those who like what `things` has under `liked` with the id $1, as far as the viewer $5 sees them, after ($2, $3), $4
 * at most. The outer join distinguishes what nobody likes (one row of nulls) from what the viewer does not see (no row).
 */
export const selectLikers = (
  edges: 'post_like' | 'comment_like',
  key: 'post_id' | 'comment_id',
  things: string,
  liked: 'p' | 'c',
  isSeen: string,
  way: Direction,
): string => `
  select l.*
  from ${things} left join lateral (${selectStretch(
    `
      select user_id as id, created_at as at from ${edges}
      where ${key} = ${liked}.id and (created_at, user_id) ${way.behind} ($2::timestamptz, $3::uuid)
      order by created_at ${way.order}, user_id ${way.order}`,
    `${isShownTo('$5', 'looked.id')} and ${isUnblocked('looked.id', `${liked}.author_id`)}`,
    way,
    '$4',
  )}
  ) l on true
  where ${liked}.id = $1 and ${isSeen}
  order by l.at ${way.order}, l.id ${way.order}`;
