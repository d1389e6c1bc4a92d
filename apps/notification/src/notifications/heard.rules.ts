import type { Qualified } from '@fowergram/database';
import { isPostShownTo, isShown, isUnblocked, OUT_OF_SIGHT, relationOf } from '@fowergram/visibility';

/** An SQL condition: neither blocks the other, and the recipient has neither reported the actor nor muted what they do. A mute ends by itself. */
export const isUnmuted = (recipient: Qualified, actor: Qualified): string =>
  `${relationOf(recipient, actor, `${OUT_OF_SIGHT} or notifications_muted_until > now()`)} is not true`;

/** An SQL condition: the recipient is shown, and counts, what this actor does. */
export const isHeard = (recipient: Qualified, actor: Qualified): string =>
  `${isShown(actor)} and ${isUnmuted(recipient, actor)}`;

const isHidden = (post: Qualified): string => `(select hidden from hidden_post where post_id = ${post} limit 1)`;

/**
 * An SQL condition: the post that it is about, if any, is neither archived nor deleted, and where it is a repost, neither is the original,
 * which the recipient sees and whose author is in no block with the reposter. Nearly no post is one.
 */
export const isOfShownPost = (recipient: Qualified, post: Qualified): string =>
  `(${post} is null or (${isHidden(post)} is not true and (
    select (${isHidden('repost.original_id')} is not true and ${isPostShownTo(recipient, 'repost.author_id', "'PUBLIC'")}
      and ${isUnblocked('repost.reposter_id', 'repost.author_id')}) is not true
    from repost where post_id = ${post} limit 1
  ) is not true))`;
