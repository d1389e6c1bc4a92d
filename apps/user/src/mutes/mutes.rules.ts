import { badInput, type Parsed } from '@fowergram/contracts-core';
import { MUTED_FOR_EVER, type relationshipRpc } from '@fowergram/contracts-user';

type MuteInput = Pick<Parsed<typeof relationshipRpc.mute>, 'posts' | 'notifications' | 'until'>;

/** Until when each part is muted; throws for a mute of nothing, and for one that is over before it begins. */
export function muteEnds(
  { posts, notifications, until }: MuteInput,
  now: Date,
): { postsUntil: string | null; notificationsUntil: string | null } {
  if (!posts && !notifications) throw badInput(['posts'], 'Mute posts, notifications or both.', 'NOTHING_TO_MUTE');
  if (until && new Date(until) <= now) throw badInput(['until'], 'A mute ends in the future.', 'NOT_IN_FUTURE');
  const end = until ?? MUTED_FOR_EVER;
  return { postsUntil: posts ? end : null, notificationsUntil: notifications ? end : null };
}
