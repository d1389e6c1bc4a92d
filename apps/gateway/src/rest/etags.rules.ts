import { createHash } from 'node:crypto';

/** The ETag of what is shown: the version of the thing, where it has one, and a hash of the bytes. */
export function etagOf(bytes: Buffer, version: unknown): string {
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  return version === undefined ? `"${hash}"` : `"${String(version)}-${hash}"`;
}

interface Tag {
  tag: string;
  isWeak: boolean;
}

/** One element of a list, which may be empty (RFC 9110); a comma within quotes belongs to the tag. */
const ELEMENT = /[ \t]*(?:(W\/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?:,|$)/y;

/** The tags of a condition; none where it is no list of tags. */
function tagsIn(header: string): Tag[] {
  const tags: Tag[] = [];
  for (ELEMENT.lastIndex = 0; ELEMENT.lastIndex < header.length;) {
    const found = ELEMENT.exec(header);
    if (!found) return [];
    if (found[2] !== undefined) tags.push({ tag: found[2], isWeak: found[1] !== undefined });
  }
  return tags;
}

/** True where an If-None-Match names what is there, weakly or not; garbage names nothing. */
export const isNoneMatch = (header: string, etag: string): boolean =>
  header.trim() === '*' || tagsIn(header).some(({ tag }) => tag === etag);

/** True where an If-Match names what is there; a weak tag names nothing. */
export const isMatch = (header: string, etag: string): boolean =>
  header.trim() === '*' || tagsIn(header).some(({ tag, isWeak }) => !isWeak && tag === etag);

/** The different versions in an If-Match, of its strong ETags that have one; null for `*`, which any version matches. */
export function versionsIn(header: string): string[] | null {
  if (header.trim() === '*') return null;
  const strong = tagsIn(header).filter(({ isWeak }) => !isWeak);
  return [...new Set(strong.flatMap(({ tag }) => /^"([\w-]{1,16})-[\w-]{22}"$/.exec(tag)?.[1] ?? []))];
}
