import type { Qualified } from '@fowergram/database';
import { isShown, relationOf } from '@fowergram/visibility';

/** An SQL condition: neither blocks the other, and the recipient has not muted what the actor does. A mute ends by itself. */
export const isUnmuted = (recipient: Qualified, actor: Qualified): string =>
  `${relationOf(recipient, actor, 'blocked or notifications_muted_until > now()')} is not true`;

/** An SQL condition: the recipient is shown, and counts, what this actor does. */
export const isHeard = (recipient: Qualified, actor: Qualified): string =>
  `${isShown(actor)} and ${isUnmuted(recipient, actor)}`;
