import {
  AT,
  BLOCKS_HASH,
  CARRIES_ON,
  CONTINUE,
  DOT,
  ENDS_ADDRESS,
  HASH,
  IN_LOCAL_PART,
  kindOf,
  MARK,
  MEDIAL,
  NAME,
  START,
  WORD,
} from './character-kinds.js';

/** What a sign and the name behind it may be, and where they stand, in UTF-16 units. */
export interface Found {
  kind: 'hashtag' | 'mention';
  name: string;
  start: number;
  end: number;
}

interface Grammar {
  kind: Found['kind'];
  start: number;
  goesOn: number;
  /** Belongs to the name when more of it follows. */
  joins: number;
  /** Right behind the name, it makes it a part of something else. */
  spoils: number;
}

const HASHTAG: Grammar = { kind: 'hashtag', start: START, goesOn: CONTINUE, joins: MEDIAL, spoils: AT };
const MENTION: Grammar = { kind: 'mention', start: NAME, goesOn: NAME, joins: DOT, spoils: AT | CARRIES_ON };

/** Stands anywhere in an address, and only at its beginning. */
const SCHEME = '://';
const WWW = 'www.';

/** Finds hashtags and mentions in the characters of a text, each of which it looks at once. */
export class Scanner {
  private readonly address = new Address();
  private at = 0;
  /** What came before lets no hashtag begin, or no mention. */
  private blocksHashtag = false;
  private blocksMention = false;
  private grammar: Grammar | undefined;
  private name = '';
  private start = 0;
  private end = 0;
  /** A joiner whose next character is not known yet. */
  private joiner = '';

  constructor(private readonly found: (found: Found) => void) {}

  take(character: string): void {
    const kind = kindOf(character);
    this.address.follow(character, kind);
    if (!this.continues(character, kind) && !this.address.isInside) this.begin(kind);
    this.followWord(kind);
    this.at += character.length;
  }

  /** True when the character belongs to the name that is being read; one that does not ends it. */
  private continues(character: string, kind: number): boolean {
    if (!this.grammar) return false;
    const { start, goesOn, joins, spoils } = this.grammar;
    if (kind & (this.name === '' ? start : goesOn)) {
      this.name += this.joiner + character;
      this.joiner = '';
      this.end = this.at + character.length;
      return true;
    }
    if (this.name !== '' && this.joiner === '' && kind & joins) {
      this.joiner = character;
      return true;
    }
    if (this.name !== '' && (this.joiner !== '' || !(kind & spoils))) this.report(this.grammar);
    this.grammar = undefined;
    return false;
  }

  private report({ kind }: Grammar): void {
    this.found({ kind, name: this.name, start: this.start, end: this.end });
  }

  private begin(kind: number): void {
    if (kind & HASH && !this.blocksHashtag) this.grammar = HASHTAG;
    else if (kind & AT && !this.blocksMention) this.grammar = MENTION;
    [this.name, this.joiner, this.start] = ['', '', this.at];
  }

  /** A mark is what it stands on: a letter, or an emoji. */
  private followWord(kind: number): void {
    if (kind & MARK) return;
    this.blocksHashtag = (kind & BLOCKS_HASH) !== 0;
    if (!(kind & IN_LOCAL_PART)) this.blocksMention = (kind & WORD) !== 0;
  }
}

/** Follows the addresses of a text, from their beginning to the space behind them. */
class Address {
  isInside = false;
  private runLength = 0;
  /** How much of each beginning of an address has come. */
  private scheme = 0;
  private www = 0;

  follow(character: string, kind: number): void {
    if (kind & ENDS_ADDRESS) {
      [this.runLength, this.scheme, this.www, this.isInside] = [0, 0, 0, false];
      return;
    }
    this.scheme = character === SCHEME[this.scheme] ? this.scheme + 1 : Number(character === SCHEME[0]);
    if (this.www === this.runLength && character.toLowerCase() === WWW[this.www]) this.www++;
    this.runLength++;
    this.isInside ||= this.scheme === SCHEME.length || this.www === WWW.length;
  }
}
