import type { Qualified } from '@fowergram/database';
import { isShown, isUnblocked, OUT_OF_SIGHT, relationOf } from '@fowergram/visibility';

const CO_AUTHORS = (post: string): string => `unnest(${post}.co_author_ids) as co (id)`;

/**
 * An SQL condition: nothing is between the viewer and a co-author of this post, whose author still sees it. Nearly no post has
 * co-authors, and those are decided by their own row.
 */
export const isOfNobodyRefused = (viewer: Qualified, post: string): string =>
  `(not ${post}.was_shared or ${post}.author_id = ${viewer}
      or not exists (select from ${CO_AUTHORS(post)} where ${relationOf(viewer, 'co.id', OUT_OF_SIGHT)}))`;

/**
 * An SQL condition of feeds, which have the viewer's own posts from elsewhere: a post that has or had co-authors comes from somebody whom the
 * viewer follows, and for a co-author is shown and not muted; or it is the viewer's own as a co-author.
 */
export const comesFromSomebody = (viewer: Qualified, post: string): string =>
  `(not ${post}.was_shared or (${post}.author_id <> ${viewer} and ${isOfNobodyRefused(viewer, post)}
      and (${relationOf(viewer, `${post}.author_id`, 'follows')} is true or exists (
        select from ${CO_AUTHORS(post)} where co.id = ${viewer} or (${relationOf(viewer, 'co.id', 'follows and (posts_muted_until > now()) is not true')} and ${isShown('co.id')})
      ))))`;

/** An SQL condition: no block is between the two, nor between the user and another co-author of this post. */
export const mayShare = (user: Qualified, post: string): string =>
  `${isUnblocked(user, `${post}.author_id`)} and not exists (select from ${CO_AUTHORS(post)} where ${relationOf(user, 'co.id', 'blocked')})`;
