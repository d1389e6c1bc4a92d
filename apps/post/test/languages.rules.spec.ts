import pg from 'pg';
import { createDatabase } from '@fowergram/testing';
import { SCRIPTS, languageOf } from '../src/discovery/languages.rules.js';

describe('The language of a caption', () => {
  it.each([
    ['She runs along the beach every morning', 'en'],
    ['Ein altes Haus im Wald', 'de'],
    ['Ein altes Haus im Wald #sunset #love #nature #photography @new.york.times', 'de'],
    ['Ein altes Haus im Wald https://example.com/the-best-of-all-the-houses-of-the-year', 'de'],
    ['Las casas de mi pueblo', 'es'],
    ['Старые дома в городе', 'ru'],
    ['', null],
    ['#sunset #love', null],
    ['😍😍😍', null],
    ['Berlin', null],
    ['NYC 2024', null],
    ['今天的咖啡很好喝', null],
    ['\ud800', null],
  ])('of %j is %p', (caption, language) => {
    expect(languageOf(caption)).toBe(language);
  });

  it('is one whose stems the database knows', async () => {
    const database = await createDatabase('post');
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ known: string }>(
      `select a || b as known from unnest(string_to_array('a b c d e f g h i j k l m n o p q r s t u v w x y z', ' ')) a,
         unnest(string_to_array('a b c d e f g h i j k l m n o p q r s t u v w x y z', ' ')) b
       where stemmer_of(a || b) is not null order by 1`,
    );
    await client.end();
    await database.drop();
    expect(rows.map(({ known }) => known)).toEqual(SCRIPTS.flatMap(({ languages }) => languages).sort());
  });
});
