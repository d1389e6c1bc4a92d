import { AppError, badInput } from '@fowergram/contracts-core';
import { MAX_CO_AUTHORS } from '@fowergram/contracts-post';
import type { CoAuthorship, Shareable } from './co-authors.repository.js';

/** Whose authors invite co-authors. What is not published yet sends its invitations when it is. */
const INVITES: readonly string[] = ['DRAFT', 'SCHEDULED', 'PUBLISHED'];

/** Throws for a post that cannot have co-authors: a repost, and one that is archived. */
export function requireShareable({ state, isRepost }: Shareable): void {
  if (isRepost) throw badInput(['postId'], 'A repost has one author.');
  if (!INVITES.includes(state))
    throw new AppError('CONFLICT', `A post that is ${state} invites nobody.`, {
      path: ['postId'],
      reason: 'POST_STATE',
    });
}

/** Whether there is somebody to invite; throws for whoever has declined, and where enough are invited. */
export function isNewTo(known: CoAuthorship | undefined, count: number): boolean {
  if (known?.state === 'DECLINED')
    throw new AppError('CONFLICT', 'They have declined before.', { path: ['userId'], reason: 'CO_AUTHOR_DECLINED' });
  if (known) return false;
  if (count < MAX_CO_AUTHORS) return true;
  throw new AppError('CONFLICT', `A post has at most ${MAX_CO_AUTHORS} co-authors.`, {
    path: ['userId'],
    reason: 'TOO_MANY_CO_AUTHORS',
  });
}
