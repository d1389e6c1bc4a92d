import { AppError } from '@fowergram/contracts-core';
import type { PostState } from '@fowergram/contracts-post';

/** What an author can do with a post of their own. */
export type Transition =
  'save' | 'publish' | 'schedule' | 'edit' | 'archive' | 'unarchive' | 'delete' | 'restore' | 'pin' | 'unpin';

interface Rule {
  from: readonly PostState[];
  /** Where nothing is left to do: a repeat is harmless. */
  done: readonly PostState[];
  verb: string;
}

/** The one life of a post: from which states each transition leads on. */
export const TRANSITIONS: Record<Transition, Rule> = {
  save: { from: ['DRAFT', 'SCHEDULED'], done: [], verb: 'saved as a draft' },
  publish: { from: ['DRAFT', 'SCHEDULED'], done: ['PUBLISHED'], verb: 'published' },
  schedule: { from: ['DRAFT', 'SCHEDULED'], done: [], verb: 'scheduled' },
  edit: { from: ['DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED'], done: [], verb: 'changed' },
  archive: { from: ['PUBLISHED'], done: ['ARCHIVED'], verb: 'archived' },
  unarchive: { from: ['ARCHIVED'], done: ['PUBLISHED'], verb: 'taken out of the archive' },
  delete: { from: ['DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED'], done: ['DELETED'], verb: 'deleted' },
  restore: { from: ['DELETED'], done: [], verb: 'restored' },
  pin: { from: ['PUBLISHED'], done: [], verb: 'pinned' },
  unpin: { from: ['PUBLISHED'], done: ['DRAFT', 'SCHEDULED', 'ARCHIVED'], verb: 'unpinned' },
};

/** Whether the transition has something to do; throws CONFLICT when a post in this state does not allow it. */
export function allows(transition: Transition, state: PostState): boolean {
  const { from, done, verb } = TRANSITIONS[transition];
  if (from.includes(state)) return true;
  if (done.includes(state)) return false;
  throw new AppError('CONFLICT', `A post that is ${state} cannot be ${verb}.`, { path: ['id'], reason: 'POST_STATE' });
}

/** How long a deleted post can be restored. */
export const RESTORABLE_DAYS = 30;

const DAY_MS = 24 * 3_600_000;
const MAX_AHEAD_DAYS = 366;

/** Throws BAD_USER_INPUT unless the time lies in the future, and at most a year ahead. */
export function checkPublishAt(publishAt: Date, now: Date, path: string[]): void {
  const ahead = publishAt.getTime() - now.getTime();
  if (ahead <= 0)
    throw new AppError('BAD_USER_INPUT', 'A post is scheduled for a time to come.', { path, reason: 'NOT_IN_FUTURE' });
  if (ahead > MAX_AHEAD_DAYS * DAY_MS)
    throw new AppError('BAD_USER_INPUT', 'A post is scheduled for a year ahead at most.', { path });
}

/** Throws CONFLICT when others could not see anything of the post. */
export function checkComplete({ mediaIds }: { mediaIds: string[] }): void {
  if (mediaIds.length === 0)
    throw new AppError('CONFLICT', 'A post has at least 1 media before it is published.', {
      path: ['id'],
      reason: 'POST_INCOMPLETE',
    });
}
