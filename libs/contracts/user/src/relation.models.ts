import { z } from 'zod';
import { Id, Timestamp } from '@fowergram/contracts-core';
import { MutedWordList } from './muted-word.models.js';

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
  /** The viewer has reported the author, and is to meet them no more; older messages do not say so. */
  reported: z.boolean().default(false),
  /** Until then the viewer wants to see no posts of the author in feeds; null when they do. */
  postsMutedUntil: Timestamp.nullable(),
  /** Until then the viewer wants no notifications of what the author does; null when they do. */
  notificationsMutedUntil: Timestamp.nullable(),
});
export type Relation = z.output<typeof Relation>;

/** The end of a mute that has none. */
export const MUTED_FOR_EVER = '9999-12-31T23:59:59.999Z';

/** Whether others see anything of an account. It is a register, too: the highest `version` wins. */
export const AccountVisibility = z.object({
  userId: Id,
  version: z.number().int(),
  /** The account is not ACTIVE: nobody else sees anything of it. */
  hidden: z.boolean(),
  /** Only followers see the posts of the account. */
  isPrivate: z.boolean(),
});
export type AccountVisibility = z.output<typeof AccountVisibility>;

/** So many relations, or accounts, one message carries. */
export const MAX_VISIBILITY_CHANGES = 500;

/** What is to be in force with the owners of content before whoever changed it is answered. */
export const VisibilityChanges = z.object({
  relations: z.array(Relation).max(MAX_VISIBILITY_CHANGES),
  accounts: z.array(AccountVisibility).max(MAX_VISIBILITY_CHANGES),
  mutedWords: MutedWordList.optional(),
});
export type VisibilityChanges = z.output<typeof VisibilityChanges>;
