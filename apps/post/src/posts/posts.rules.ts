import { createHash, randomUUID } from 'node:crypto';

/**
 * The id under which a new post claims its media. It follows from the idempotency key, so that a retry after a crash between
 * claim and commit claims under the same id and is not refused as a stranger.
 */
export function claimIdOf(idempotencyKey: string | undefined): string {
  if (!idempotencyKey) return randomUUID();
  const bytes = createHash('sha256').update(`post:${idempotencyKey}`).digest().subarray(0, 16);
  // Version 8 and the RFC 9562 variant: a UUID of our own making.
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Where the caption of a post mentions somebody. */
export const mentioningOf = ({ id, authorId }: { id: string; authorId: string }) => ({
  postId: id,
  authorId,
  commentId: null,
  mentionerId: authorId,
});

export const isSameList = (one: string[], other: string[]): boolean =>
  one.length === other.length && one.every((id, index) => id === other[index]);
