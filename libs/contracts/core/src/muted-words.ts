import { hashtagsOf } from './text-entities/text-entities.js';

const WORD = /[\p{L}\p{M}\p{N}\p{Pc}]/u;
const MARK = /\p{M}/u;
/** Scripts that put no spaces between words: what stands beside a word there says nothing of where it ends. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const GAP = /\s+/gu;
const SIGN = /^[#\uff03\ufe5f]/;

/** What muted words and the texts that they are looked for in have in common: width, case, spaces and what is drawn as nothing. */
export const foldForMuting = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replace(IGNORABLE, '').replace(GAP, ' ').trim();

/** Finds muted words, phrases and hashtags in texts; a text is read once for each of them. */
export class MutedWords {
  private readonly words: string[] = [];
  private readonly hashtags = new Set<string>();

  constructor(texts: readonly string[]) {
    for (const text of texts) {
      const [hashtag] = SIGN.test(text) ? hashtagsOf(text) : [];
      if (hashtag === undefined) this.words.push(foldForMuting(text));
      else this.hashtags.add(hashtag);
    }
  }

  /** Says whether the text has one of the words as a whole word, one of the phrases, or one of the hashtags. */
  areIn(text: string): boolean {
    if (this.hashtags.size > 0 && hashtagsOf(text).some((hashtag) => this.hashtags.has(hashtag))) return true;
    if (this.words.length === 0) return false;
    const folded = foldForMuting(text);
    const candidates = this.words.filter((word) => folded.includes(word));
    if (candidates.length === 0) return false;
    const boundaries = boundariesOf(folded);
    return candidates.some((word) =>
      boundaries.some((at) => folded.startsWith(word, at) && isBoundary(folded, at + word.length)),
    );
  }
}

/** Where words begin and end: only there muted ones are compared, so that a text of one long word is compared once with each. */
const boundariesOf = (text: string): number[] =>
  Array.from({ length: text.length + 1 }, (_, at) => at).filter((at) => isBoundary(text, at));

/** True unless a word goes on at this position of the text. */
function isBoundary(text: string, at: number): boolean {
  const [before, after] = [characterBefore(text, at), characterAt(text, at)];
  if (MARK.test(after)) return false;
  return !WORD.test(before) || !WORD.test(after) || UNSPACED.test(before) || UNSPACED.test(after);
}

const characterAt = (text: string, at: number): string =>
  at >= text.length ? '' : String.fromCodePoint(text.codePointAt(at)!);

function characterBefore(text: string, at: number): string {
  const isPair = at >= 2 && /[\udc00-\udfff]/.test(text[at - 1]!);
  return text.slice(isPair ? at - 2 : Math.max(at - 1, 0), at);
}
