import { AppError } from '@fowergram/contracts-core';
import type { CommentedPost } from './comments.repository.js';

/** Throws FORBIDDEN where the author of the post lets the writer say nothing about it; the reason says whom they let. */
export function requireMayComment({ mayComment, commentPolicy }: CommentedPost, path: string[]): void {
  if (mayComment) return;
  if (commentPolicy === 'FOLLOWERS')
    throw new AppError('FORBIDDEN', 'Only followers of the author may comment this post.', {
      path,
      reason: 'COMMENTS_FOR_FOLLOWERS',
    });
  throw new AppError('FORBIDDEN', 'Comments on this post are turned off.', { path, reason: 'COMMENTS_DISABLED' });
}
