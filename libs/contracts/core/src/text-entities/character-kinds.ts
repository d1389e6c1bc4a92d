/** What a character may be; several of them at once. */
const KNOWN = 1;
export const START = 2;
export const CONTINUE = 4;
export const MEDIAL = 8;
export const HASH = 16;
export const BLOCKS_HASH = 32;
export const ENDS_ADDRESS = 64;
export const AT = 128;
export const NAME = 256;
export const DOT = 512;
export const MARK = 1024;
export const WORD = 2048;
export const IN_LOCAL_PART = 4096;
export const CARRIES_ON = 8192;

const KINDS: readonly (readonly [kind: number, characters: RegExp])[] = [
  [START, /[\p{L}\p{N}\p{Pc}]/u],
  // Marks are part of letters in many scripts; one that encloses makes a keycap.
  [CONTINUE, /[\p{L}\p{N}\p{Pc}\p{Mn}\p{Mc}]/u],
  // What stands inside of words and never at their end: joiners of Persian and Indic scripts, middle dots of Catalan and Japanese.
  [MEDIAL, /[\u200c\u200d\u00b7\u30fb\uff65]/],
  // The signs, small and in full width, too, as Asian keyboards type them.
  [HASH, /[#\uff03\ufe5f]/],
  [AT, /[@\uff20\ufe6b]/],
  // A number sign behind one of these is part of a word, an entity or an address.
  [BLOCKS_HASH, /[\p{L}\p{N}\p{Pc}#\uff03\ufe5f&/]/u],
  [ENDS_ADDRESS, /[\s<>"「」『』、。]/],
  [NAME, /[A-Za-z0-9_]/],
  [DOT, /\./],
  [MARK, /[\p{Mn}\p{Mc}]/u],
  [WORD, /[\p{L}\p{N}\p{Pc}@\uff20\ufe6b]/u],
  // What stands in an e-mail address before its at sign, besides words.
  [IN_LOCAL_PART, /[+\-%=*~^$|&/#]/],
  // Letters of scripts with spaces between words, that a name of ASCII letters ends in the middle of a word before.
  [CARRIES_ON, /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{M}]/u],
];

/** What each character is, as it was found when it came first: the tables of Unicode take ten times as long as all the rest. */
const kinds = new Uint16Array(0x110000);

/** Says what a character may be. */
export function kindOf(character: string): number {
  const code = character.codePointAt(0)!;
  return (kinds[code] ||= KINDS.reduce((sum, [kind, all]) => sum + (all.test(character) ? kind : 0), KNOWN));
}
