import { eld } from 'eld/extrasmall';
import { entitiesOf } from '@fowergram/contracts-core';

interface Script {
  /** A regular expression of Postgres: what are words in its letters, and not too short to have a stem. */
  words: string;
  /** Those written in it whose stems Postgres knows, by ISO 639-1. */
  languages: string[];
}

/** A test compares the languages with stemmer_of of the database. */
export const SCRIPTS: Script[] = [
  {
    words: '^[a-zß-öø-ɏ]{3,}$',
    languages: ['ca', 'da', 'de', 'en', 'es', 'eu', 'fi', 'fr', 'hu', 'it', 'lt', 'nl', 'no', 'pt', 'ro', 'sv', 'tr'],
  },
  { words: '^[а-џ]{3,}$', languages: ['ru'] },
  { words: '^[ء-ي]{3,}$', languages: ['ar'] },
  { words: '^[ά-ώ]{3,}$', languages: ['el'] },
  { words: '^[ऀ-ॿ]{3,}$', languages: ['hi'] },
  { words: '^[ա-և]{3,}$', languages: ['hy'] },
  { words: '^[஀-௿]{3,}$', languages: ['ta'] },
];

const KNOWN = new Set(SCRIPTS.flatMap(({ languages }) => languages));
const ADDRESS = /\S+:\/\/\S+/g;

/** The language that a caption is surely written in, by its own words; null where nobody can tell, or nothing knows its stems. */
export function languageOf(caption: string): string | null {
  const result = eld.detect(ownWordsOf(caption));
  return result.isReliable() && KNOWN.has(result.language) ? result.language : null;
}

/** Hashtags and names are the same in all languages, mostly English. */
function ownWordsOf(caption: string): string {
  let words = '';
  let end = 0;
  for (const entity of entitiesOf(caption)) {
    words += `${caption.slice(end, entity.start)} `;
    end = entity.end;
  }
  return (words + caption.slice(end)).replace(ADDRESS, ' ');
}
