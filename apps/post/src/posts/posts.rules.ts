import { createHash, randomUUID } from 'node:crypto';

const MAX_HASHTAGS = 30;
const MAX_HASHTAG_LENGTH = 100;

// Marks are part of letters in many scripts. A # inside of a word, such as in an address, starts no hashtag.
const HASHTAG = /(?<![\p{L}\p{M}\p{N}_#&/])#([\p{L}\p{M}\p{N}_]+)/gu;

/** The hashtags of a caption, case-folded, each once, in the order of their first use; at most 30 count. */
export function hashtagsOf(caption: string): string[] {
  const found = new Set<string>();
  for (const [, name] of caption.normalize('NFC').matchAll(HASHTAG)) {
    const folded = name!.toLowerCase();
    if (folded.length <= MAX_HASHTAG_LENGTH) found.add(folded);
    if (found.size === MAX_HASHTAGS) break;
  }
  return [...found];
}

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
