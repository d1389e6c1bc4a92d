const MAX_HASHTAGS = 30;
const MAX_HASHTAG_LENGTH = 100;

/** The number sign, small and in full width, as Asian keyboards type it. */
const SIGN = /[#\uff03\ufe5f]/;
const START = /[\p{L}\p{N}\p{Pc}]/u;
/** Marks are part of letters in many scripts; one that encloses makes a keycap. */
const CONTINUE = /[\p{L}\p{N}\p{Pc}\p{Mn}\p{Mc}]/u;
/** What stands inside of words and never at their end: joiners of Persian and Indic scripts, middle dots of Catalan and Japanese. */
const MEDIAL = /[\u200c\u200d\u00b7\u30fb\uff65]/;
/** A sign behind one of these is part of a word, an entity or an address. */
const BLOCKS = /[\p{L}\p{M}\p{N}\p{Pc}#\uff03\ufe5f&/]/u;
const ENDS_ADDRESS = /[\s<>"「」『』、。]/;
const HAS_LETTER = /\p{L}/u;
const ONLY_TAG_CHARACTERS = /^[\p{L}\p{N}\p{Pc}\p{Mn}\p{Mc}\u200c\u200d\u00b7\u30fb\uff65]*$/u;
const VARIATION = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

/** The hashtags of a text, folded, each once, in the order of their first use; at most 30 count. */
export function hashtagsOf(text: string): string[] {
  return hashtagsIn(text.normalize('NFC'));
}

/** As hashtagsOf, from the characters of a composed text, each of which is looked at once. */
export function hashtagsIn(characters: Iterable<string>): string[] {
  const found = new Set<string>();
  const scanner = new Scanner((name) => {
    const folded = canonicalHashtag(name);
    if (HAS_LETTER.test(folded) && folded.length <= MAX_HASHTAG_LENGTH) found.add(folded);
  });
  for (const character of characters) {
    scanner.take(character);
    if (found.size === MAX_HASHTAGS) return [...found];
  }
  scanner.take(' ');
  return [...found];
}

class Scanner {
  private before = ' ';
  /** The last four characters, by which an address is known. */
  private tail = '';
  private runLength = 0;
  private isInAddress = false;
  private name: string | undefined;
  /** A joiner whose next character is not known yet. */
  private joiner = '';

  constructor(private readonly found: (name: string) => void) {}

  take(character: string): void {
    this.followAddress(character);
    if (!this.continues(character)) this.begin(character);
    this.before = character;
  }

  private followAddress(character: string): void {
    if (ENDS_ADDRESS.test(character)) {
      [this.isInAddress, this.runLength, this.tail] = [false, 0, ''];
      return;
    }
    this.runLength++;
    this.tail = (this.tail + character).slice(-4);
    this.isInAddress ||= this.tail.endsWith('://') || (this.runLength === 4 && this.tail.toLowerCase() === 'www.');
  }

  /** True when the character belongs to the name that is being read; one that does not ends it. */
  private continues(character: string): boolean {
    if (this.name === undefined) return false;
    if ((this.name === '' ? START : CONTINUE).test(character)) {
      this.name += this.joiner + character;
      this.joiner = '';
      return true;
    }
    if (this.name !== '' && this.joiner === '' && MEDIAL.test(character)) {
      this.joiner = character;
      return true;
    }
    if (this.name !== '') this.found(this.name);
    [this.name, this.joiner] = [undefined, ''];
    return false;
  }

  private begin(character: string): void {
    if (SIGN.test(character) && !this.isInAddress && !BLOCKS.test(this.before)) this.name = '';
  }
}

/** What looks alike is one: width and ligatures, case, the dot that is left over of a Turkish capital, forms of one glyph. */
function canonicalHashtag(name: string): string {
  const compatible = name.normalize('NFKC');
  const plain = ONLY_TAG_CHARACTERS.test(compatible) ? compatible : name;
  return plain.toLowerCase().replaceAll('i\u0307', 'i').replace(VARIATION, '').normalize('NFC');
}
