import pg from 'pg';
import { createDatabase, type TestDatabase } from '@fowergram/testing';
import { EXPLORE_PLACES } from '../src/discovery/explore.repository.js';
import { COMMON, PARSE, RARE, WALK_END } from '../src/discovery/post-search.sql.js';
import { HASHTAGS_BETWEEN } from '../src/feed/hashtag-feed.repository.js';
import { HASHTAG_PLACES } from '../src/hashtags/hashtag-posts.repository.js';

const POSTS = 20_000;

describe('A statement that finds posts', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createDatabase('post');
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    // Without the triggers, which would take longer than all the rest.
    await client.query('alter table post disable trigger user');
    for (const fill of FILL) await client.query(fill);
    await client.query('analyze');
    await client.query('set plan_cache_mode = force_generic_plan');
  }, 60_000);

  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  let number = 0;

  /** The plan that Postgres keeps for every value, as text. */
  async function planOf(statement: string): Promise<string> {
    const name = `asked_${++number}`;
    await client.query(`prepare ${name} as ${statement}`);
    const { rows } = await client.query<{ types: number }>(
      'select cardinality(parameter_types) as types from pg_prepared_statements where name = $1',
      [name],
    );
    const nulls = Array.from({ length: rows[0]!.types }, () => 'null').join(', ');
    const plan = await client.query<{ 'QUERY PLAN': string }>(`explain execute ${name}${nulls && `(${nulls})`}`);
    return plan.rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  const cases: [what: string, statement: string, indexes: string[]][] = [
    ['rare words', RARE, ['post_search_words', 'post_search_similar']],
    ['common words', COMMON, ['post_search_newest']],
    ['the end of what was looked at', WALK_END, ['post_search_newest']],
    ['what words a search has', PARSE, ['post_search_newest']],
    ['explore', EXPLORE_PLACES, ['listed_post_hot']],
    ['the newest of a hashtag', HASHTAG_PLACES.RECENT, ['post_hashtag_newest']],
    ['the hottest of a hashtag', HASHTAG_PLACES.POPULAR, ['post_hashtag_hot']],
    ['those of followed hashtags', HASHTAGS_BETWEEN, ['hashtag_follow_pkey', 'post_hashtag_newest', 'post_pkey']],
  ];

  it.each(cases)('reads %s by indexes, and no table that grows as a whole', async (_what, statement, indexes) => {
    const plan = await planOf(statement);
    for (const index of indexes) expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan on (post|listed_post|post_search|post_hashtag|hashtag_follow)\b/);
  });

  it.each([
    ['common words', COMMON],
    ['explore', EXPLORE_PLACES],
    ['the newest of a hashtag', HASHTAG_PLACES.RECENT],
    ['the hottest of a hashtag', HASHTAG_PLACES.POPULAR],
  ])('of %s looks at no more candidates than its page needs: none is sorted', async (_what, statement) => {
    expect(await planOf(statement)).not.toMatch(/Sort/);
  });
});

const FILL = [
  `insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at)
   select gen_random_uuid(), gen_random_uuid(), 'word' || n, '{}', '{}', false, gen_random_uuid(), now() - n * interval '1 second'
   from generate_series(1, ${POSTS}) n`,
  'insert into listed_post (post_id, author_id, hot_at) select id, author_id, created_at from post',
  `insert into post_search (post_id, author_id, created_at, words, beginning)
   select id, author_id, created_at, to_tsvector('simple', caption), caption from post`,
  `insert into post_hashtag (post_id, hashtag, author_id, created_at, hot_at)
   select id, 'tag' || row_number() over () % 50, author_id, created_at, created_at from post`,
  `insert into hashtag_follow (user_id, hashtag, created_at) select id, 'tag' || row_number() over () % 50, now() from post`,
];
