import { AppError, notFound } from '@fowergram/contracts-core';
import { MAX_LISTED } from '@fowergram/contracts-user';

/** Throws for what nobody can do to whom they block; who is blocked by the other one has got NOT_FOUND before. */
export function requireNotBlocking(blocked: boolean): void {
  if (!blocked) return;
  throw new AppError('CONFLICT', 'You block this user. Unblock them first.', { reason: 'BLOCKING' });
}

/** Throws when a list has become longer than it may be. */
export function requireRoom(length: number): void {
  if (length <= MAX_LISTED) return;
  throw new AppError('FORBIDDEN', `No more than ${MAX_LISTED} users fit into this list.`, { reason: 'LIST_LIMIT' });
}

/** What an edge cannot stand on any more becomes NOT_FOUND at the field that named it: its user is erased at this moment. */
export function atErasedUser(error: unknown, fields: Record<string, string>): unknown {
  const field = fields[(error as { constraint?: string }).constraint ?? ''];
  return field ? notFound('user', [field]) : error;
}
