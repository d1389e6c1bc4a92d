const MAX_HASHTAGS = 30;
const MAX_HASHTAG_LENGTH = 100;
/** Different names that are looked at, since one that is no hashtag, such as #1, costs as much. */
const MAX_NAMES = 100;

/** What a character may be; several of them at once. */
const KNOWN = 1;
const START = 2;
const CONTINUE = 4;
const MEDIAL = 8;
const SIGN = 16;
const BLOCKS = 32;
const ENDS_ADDRESS = 64;

/** The number sign, small and in full width, as Asian keyboards type it. */
const ANY_SIGN = /[#\uff03\ufe5f]/;
const KINDS: readonly (readonly [kind: number, characters: RegExp])[] = [
  [START, /[\p{L}\p{N}\p{Pc}]/u],
  // Marks are part of letters in many scripts; one that encloses makes a keycap.
  [CONTINUE, /[\p{L}\p{N}\p{Pc}\p{Mn}\p{Mc}]/u],
  // What stands inside of words and never at their end: joiners of Persian and Indic scripts, middle dots of Catalan and Japanese.
  [MEDIAL, /[\u200c\u200d\u00b7\u30fb\uff65]/],
  [SIGN, ANY_SIGN],
  // A sign behind one of these is part of a word, an entity or an address.
  [BLOCKS, /[\p{L}\p{M}\p{N}\p{Pc}#\uff03\ufe5f&/]/u],
  [ENDS_ADDRESS, /[\s<>"「」『』、。]/],
];
/** What each character is, as it was found when it came first: the tables of Unicode take ten times as long as all the rest. */
const kinds = new Uint8Array(0x110000);

/** Stands anywhere in an address, and only at its beginning. */
const SCHEME = '://';
const WWW = 'www.';

const PLAIN = /^\w+$/;
const HAS_LETTER = /\p{L}/u;
const ONLY_TAG_CHARACTERS = /^[\p{L}\p{N}\p{Pc}\p{Mn}\p{Mc}\u200c\u200d\u00b7\u30fb\uff65]*$/u;
const VARIATION = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

/** The hashtags of a text, folded, each once, in the order of their first use; at most 30 count. */
export function hashtagsOf(text: string): string[] {
  return ANY_SIGN.test(text) ? hashtagsIn(text.normalize('NFC')) : [];
}

/** As hashtagsOf, from the characters of a composed text, each of which is looked at once. */
export function hashtagsIn(characters: Iterable<string>): string[] {
  const found = new Set<string>();
  const names = new Set<string>();
  const scanner = new Scanner((name) => {
    if (names.has(name)) return;
    names.add(name);
    const folded = canonicalHashtag(name);
    if (HAS_LETTER.test(folded) && folded.length <= MAX_HASHTAG_LENGTH) found.add(folded);
  });
  for (const character of characters) {
    scanner.take(character);
    if (found.size === MAX_HASHTAGS || names.size === MAX_NAMES) return [...found];
  }
  scanner.take(' ');
  return [...found];
}

class Scanner {
  private kindBefore = KNOWN;
  private runLength = 0;
  /** How much of each beginning of an address has come. */
  private scheme = 0;
  private www = 0;
  private isInAddress = false;
  private name: string | undefined;
  /** A joiner whose next character is not known yet. */
  private joiner = '';

  constructor(private readonly found: (name: string) => void) {}

  take(character: string): void {
    const kind = kindOf(character);
    this.followAddress(character, kind);
    if (!this.continues(character, kind) && kind & SIGN && !this.isInAddress && !(this.kindBefore & BLOCKS))
      this.name = '';
    this.kindBefore = kind;
  }

  private followAddress(character: string, kind: number): void {
    if (kind & ENDS_ADDRESS) {
      [this.runLength, this.scheme, this.www, this.isInAddress] = [0, 0, 0, false];
      return;
    }
    this.scheme = character === SCHEME[this.scheme] ? this.scheme + 1 : Number(character === SCHEME[0]);
    if (this.www === this.runLength && character.toLowerCase() === WWW[this.www]) this.www++;
    this.runLength++;
    this.isInAddress ||= this.scheme === SCHEME.length || this.www === WWW.length;
  }

  /** True when the character belongs to the name that is being read; one that does not ends it. */
  private continues(character: string, kind: number): boolean {
    if (this.name === undefined) return false;
    if (kind & (this.name === '' ? START : CONTINUE)) {
      this.name += this.joiner + character;
      this.joiner = '';
      return true;
    }
    if (this.name !== '' && this.joiner === '' && kind & MEDIAL) {
      this.joiner = character;
      return true;
    }
    if (this.name !== '') this.found(this.name);
    [this.name, this.joiner] = [undefined, ''];
    return false;
  }
}

function kindOf(character: string): number {
  const code = character.codePointAt(0)!;
  return (kinds[code] ||= KINDS.reduce((sum, [kind, all]) => sum + (all.test(character) ? kind : 0), KNOWN));
}

/** What looks alike is one: width and ligatures, case, the dot that is left over of a Turkish capital, forms of one glyph. */
function canonicalHashtag(name: string): string {
  if (PLAIN.test(name)) return name.toLowerCase();
  const compatible = name.normalize('NFKC');
  const plain = ONLY_TAG_CHARACTERS.test(compatible) ? compatible : name;
  return plain.toLowerCase().replaceAll('i\u0307', 'i').replace(VARIATION, '').normalize('NFC');
}
