import { z } from 'zod';
import { Id, Timestamp } from '@fowergram/contracts-core';

/**
 * All that decides what one user, the viewer, sees of another one, the author. It is a register: the whole state of the ordered pair,
 * and the highest `version` wins, however late or often it arrives.
 */
export const Relation = z.object({
  viewerId: Id,
  authorId: Id,
  version: z.number().int(),
  /** The viewer follows the author. */
  follows: z.boolean(),
  /** The author counts the viewer among their close friends. */
  closeFriend: z.boolean(),
  /** One of the two blocks the other. */
  blocked: z.boolean(),
  /** Until then the viewer wants to see no posts of the author in feeds; null when they do. */
  postsMutedUntil: Timestamp.nullable(),
  /** Until then the viewer wants no notifications of what the author does; null when they do. */
  notificationsMutedUntil: Timestamp.nullable(),
});
export type Relation = z.output<typeof Relation>;

/** The end of a mute that has none. */
export const MUTED_FOR_EVER = '9999-12-31T23:59:59.999Z';
