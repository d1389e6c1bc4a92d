import { LOOKED_AT, type Qualified } from '@fowergram/database';
import { isInFeedOf, refusedAuthors } from '@fowergram/visibility';
import { isOfNobodyRefused } from '../co-authors/co-authored.rules.js';
import { isUnmoderatedFor } from '../moderation/moderation.rules.js';
import { isNotTooSensitiveFor } from '../posts/sensitive-posts.rules.js';

/**
 * Selects the author of a listed post where a viewer who looks for no author finds it; no row where not. Users find their own. Whom the
 * viewer refuses is read once for the statement.
 */
export const selectIfFound = (viewer: Qualified, id: Qualified, condition = 'true'): string => `
    select post.author_id from post cross join (select ${refusedAuthors(viewer)} as authors offset 0) refused
    where post.id = ${id} and ${condition}
      and (post.author_id = ${viewer} or ${isInFeedOf(viewer, 'post.author_id', 'post.audience', 'refused.authors')})
      and ${isUnmoderatedFor(viewer, 'post')} and ${isOfNobodyRefused(viewer, 'post')} and ${isNotTooSensitiveFor(viewer, 'post')}
    limit 1`;

/**
 * Selects places of posts from `candidates`, a bounded query of (id, at) in the order of its list: those that the viewer in $1 finds and
 * that meet the condition, $4 at most. Each is looked up by key, and none that the page does not need.
 */
export const selectFound = (candidates: string, condition?: string): string => `
  select c.id, c.at, p.author_id as "authorId"
  from (${candidates}) c
  cross join lateral (${selectIfFound('$1::uuid', 'c.id', condition)}) p
  order by c.at desc, c.id desc limit $4`;

/** Selects the place of the last candidate where there are as many as are looked at; no row where the list ends before. */
export const selectEnd = (candidates: string, lookedAt = LOOKED_AT): string => `
  select id, at from (
    select id, at, row_number() over (order by at desc, id desc) as number from (${candidates}) c
  ) numbered where number = ${lookedAt}`;
