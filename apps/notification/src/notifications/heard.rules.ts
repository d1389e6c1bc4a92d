import type { Qualified } from '@fowergram/database';
import { isShown, OUT_OF_SIGHT, relationOf } from '@fowergram/visibility';

/** An SQL condition: neither blocks the other, and the recipient has neither reported the actor nor muted what they do. A mute ends by itself. */
export const isUnmuted = (recipient: Qualified, actor: Qualified): string =>
  `${relationOf(recipient, actor, `${OUT_OF_SIGHT} or notifications_muted_until > now()`)} is not true`;

/** An SQL condition: the recipient is shown, and counts, what this actor does. */
export const isHeard = (recipient: Qualified, actor: Qualified): string =>
  `${isShown(actor)} and ${isUnmuted(recipient, actor)}`;

/** An SQL condition: the post that it is about, if any, is neither archived nor deleted. */
export const isOfShownPost = (post: Qualified): string =>
  `(${post} is null or (select hidden from hidden_post where post_id = ${post} limit 1) is not true)`;
