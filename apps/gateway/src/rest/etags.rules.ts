import { createHash } from 'node:crypto';

/** The ETag of what is shown: the version of the thing, where it has one, and a hash of the bytes. */
export function etagOf(bytes: Buffer, version: unknown): string {
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  return version === undefined ? `"${hash}"` : `"${String(version)}-${hash}"`;
}

const TAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/** True where an If-None-Match names what is there; garbage names nothing. */
export function isNoneMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  const tags = header.split(',').map((tag) => tag.trim());
  return tags.some((tag) => TAG.test(tag) && tag.replace(/^W\//, '') === etag);
}

/** The version in an If-Match; null for `*`, which any version matches, undefined for what is no strong ETag with a version. */
export function versionIn(header: string): string | null | undefined {
  if (header.trim() === '*') return null;
  return /^"([\w-]{1,16})-[\w-]{22}"$/.exec(header.trim())?.[1];
}
