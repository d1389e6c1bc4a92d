import { canonicalHashtag } from './hashtags.js';
import { type Found, Scanner } from './scanner.js';

/** A hashtag or mention of a text: its canonical name, and where it stands, in UTF-16 units of the text as it is stored. */
export type TextEntity = Found;

export const MIN_USERNAME_LENGTH = 3;
export const MAX_USERNAME_LENGTH = 30;
export const MAX_HASHTAGS = 30;
export const MAX_MENTIONS = 30;
/** Different names that are looked at, since one that is nothing, such as #1, costs as much. */
const MAX_NAMES = 100;

const ANY_SIGN = /[#\uff03\ufe5f@\uff20\ufe6b]/;
const SCHEME = '://';

/** The hashtags and mentions of a text in their order: of the first 30 different hashtags, and of the first 30 different names. */
export function entitiesOf(text: string): TextEntity[] {
  const known = { hashtag: new Set<string>(), mention: new Set<string>() };
  const most = { hashtag: MAX_HASHTAGS, mention: MAX_MENTIONS };
  return allEntitiesOf(text).filter(
    ({ kind, name }) => known[kind].has(name) || (known[kind].size < most[kind] && known[kind].add(name)),
  );
}

/** The hashtags of a text, canonical, each once, in the order of their first use; at most 30 count. */
export const hashtagsOf = (text: string): string[] => namesAmong(allEntitiesOf(text), 'hashtag').slice(0, MAX_HASHTAGS);

/** The usernames that a text mentions, in lower case, each once, in the order of their first use; at most 30 count. */
export const mentionsOf = (text: string): string[] => namesAmong(allEntitiesOf(text), 'mention').slice(0, MAX_MENTIONS);

/** Says what a text has more of than it may: different hashtags, or different names that it mentions. */
export function excessOf(text: string): 'hashtags' | 'mentions' | undefined {
  const all = allEntitiesOf(text);
  if (namesAmong(all, 'hashtag').length > MAX_HASHTAGS) return 'hashtags';
  return namesAmong(all, 'mention').length > MAX_MENTIONS ? 'mentions' : undefined;
}

/** As entitiesOf, from the characters of a text, each of which is looked at once, and however many there are. */
export function entitiesIn(characters: Iterable<string>): TextEntity[] {
  const found: TextEntity[] = [];
  const names = new Map<string, string | undefined>();
  const scanner = new Scanner((entity) => {
    const key = entity.kind + entity.name;
    if (!names.has(key)) names.set(key, canonical[entity.kind](entity.name));
    const name = names.get(key);
    if (name !== undefined) found.push({ ...entity, name });
  });
  for (const character of characters) {
    scanner.take(character);
    if (names.size === MAX_NAMES) return found;
  }
  scanner.take(' ');
  return found;
}

const canonical: Record<TextEntity['kind'], (name: string) => string | undefined> = {
  hashtag: canonicalHashtag,
  mention: (name) =>
    name.length >= MIN_USERNAME_LENGTH && name.length <= MAX_USERNAME_LENGTH ? name.toLowerCase() : undefined,
};

/** Without what is the scheme of an address. */
const allEntitiesOf = (text: string): TextEntity[] =>
  ANY_SIGN.test(text) ? entitiesIn(text).filter(({ end }) => !text.startsWith(SCHEME, end)) : [];

const namesAmong = (entities: TextEntity[], kind: TextEntity['kind']): string[] => [
  ...new Set(entities.flatMap((entity) => (entity.kind === kind ? [entity.name] : []))),
];
