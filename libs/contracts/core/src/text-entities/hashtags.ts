import { createHash } from 'node:crypto';

const MAX_HASHTAG_LENGTH = 100;

const PLAIN = /^\w+$/;
const HAS_LETTER = /\p{L}/u;
const ONLY_TAG_CHARACTERS = /^[\p{L}\p{N}\p{Pc}\p{Mn}\p{Mc}\u200c\u200d\u00b7\u30fb\uff65]*$/u;
const VARIATION = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

/** The canonical name of a hashtag, as hashtags are compared and stored; undefined for a name that is none, such as a number. */
export function canonicalHashtag(name: string): string | undefined {
  const folded = unify(name);
  return HAS_LETTER.test(folded) && folded.length <= MAX_HASHTAG_LENGTH ? folded : undefined;
}

/** What looks alike is one: width and ligatures, case, the dot that is left over of a Turkish capital, forms of one glyph. */
function unify(name: string): string {
  if (PLAIN.test(name)) return name.toLowerCase();
  const compatible = name.normalize('NFKC');
  const plain = ONLY_TAG_CHARACTERS.test(compatible) ? compatible : name;
  return plain.toLowerCase().replaceAll('i\u0307', 'i').replace(VARIATION, '').normalize('NFC');
}

/** The id of a hashtag follows from its canonical name, so that whoever knows the name needs to ask nobody. */
export function hashtagId(name: string): string {
  const bytes = createHash('sha256').update(`hashtag:${name}`).digest().subarray(0, 16);
  // Version 8 and the RFC 9562 variant: a UUID of our own making.
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
