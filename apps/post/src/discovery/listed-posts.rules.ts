import type { Qualified } from '@fowergram/database';
import { isInFeedOf } from '@fowergram/visibility';
import { isUnmoderatedFor } from '../moderation/moderation.rules.js';
import { isNotTooSensitiveFor } from '../posts/sensitive-posts.rules.js';

/** So many posts a statement looks at, whoever may see them: one author alone could have published very many. */
export const LOOKED_AT = 500;

/** An SQL condition: this post, a row of `post` by this name, is found by a viewer who looks for no author. Users find their own. */
export const isFoundBy = (viewer: Qualified, post: string): string => `(
    (${post}.author_id = ${viewer} or ${isInFeedOf(viewer, `${post}.author_id`, `${post}.audience`)})
    and ${isUnmoderatedFor(viewer, post)} and ${isNotTooSensitiveFor(viewer, post)}
  )`;

/**
 * Selects places of posts from `candidates`, a bounded query of (id, at) in the order of its list: those that the viewer in $1 finds and
 * that meet the condition, $4 at most. Each is looked up by key, and none that the page does not need.
 */
export const selectFound = (candidates: string, condition = 'true'): string => `
  select c.id, c.at, p.author_id as "authorId"
  from (${candidates}) c
  cross join lateral (
    select author_id from post where id = c.id and ${condition} and ${isFoundBy('$1::uuid', 'post')} limit 1
  ) p
  order by c.at desc, c.id desc limit $4`;

/** Selects the place of the last candidate where there are as many as are looked at; no row where the list ends before. */
export const selectEnd = (candidates: string, lookedAt = LOOKED_AT): string =>
  `
  select id, at from (
    select id, at, row_number() over (order by at desc, id desc) as number from (${candidates}) c
  ) numbered where number = ${lookedAt}`;
