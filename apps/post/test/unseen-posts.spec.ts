import fc from 'fast-check';
import { jest } from '@jest/globals';
import type { Page } from '@fowergram/contracts-core';
import { hashtagRpc, type Post, postDiscoveryRpc } from '@fowergram/contracts-post';
import { Database } from '@fowergram/database';
import { newUserIds, openWorld, type World } from './world.js';

/** Rows of lists whose posts nobody sees. */
const UNSEEN = 20_100;
const SEEN = 6;
/** Five stretches with their ends, and what is asked once for a page. */
const MOST_STATEMENTS = 25;

type Read = (page: { viewerId: null; first: number; after: string | undefined }) => Promise<Page<Post>>;

describe('A page among thousands of posts that the viewer does not see', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    for (const fill of FILL) await world.db.query(fill);
  }, 60_000);
  afterAll(() => world?.close());

  const lists: [string, Read][] = [
    ['hashtag, the newest first', (page) => world.call(hashtagRpc.posts, { ...page, name: 'crowd', order: 'RECENT' })],
    [
      'hashtag, the hottest first',
      (page) => world.call(hashtagRpc.posts, { ...page, name: 'crowd', order: 'POPULAR' }),
    ],
    ['explore', (page) => world.call(postDiscoveryRpc.explore, page)],
    ['search for words of newest posts', (page) => world.call(postDiscoveryRpc.search, { ...page, query: 'new' })],
    ['search for words of some posts', (page) => world.call(postDiscoveryRpc.search, { ...page, query: 'some' })],
    ['search for words of very many posts', (page) => world.call(postDiscoveryRpc.search, { ...page, query: 'many' })],
  ];

  /** Publishes so many posts, each by somebody else, this share of the way down the lists. */
  async function publish(shares: number[]): Promise<string[]> {
    await world.db.query('delete from post');
    const rows = await world.db.query<{ id: string }>(POSTS, [shares, newUserIds(shares.length)]);
    return rows.map(({ id }) => id);
  }

  it.each(lists)(
    'leads to all that the viewer sees, by bounded steps: %s',
    async (_name, read) => {
      const asked = jest.spyOn(Database.prototype, 'query');
      const run = fc.asyncProperty(
        fc.array(fc.nat(1000), { minLength: SEEN, maxLength: SEEN }),
        fc.infiniteStream(fc.integer({ min: 1, max: 4 })),
        async (shares, sizes) => {
          const ids = await publish(shares.map((share) => share / 1000));
          const found: string[] = [];
          for (let after: string | undefined; ;) {
            asked.mockClear();
            const { edges, hasNextPage, next } = await read({ viewerId: null, first: sizes.next().value!, after });
            expect(asked.mock.calls.length).toBeLessThanOrEqual(MOST_STATEMENTS);
            found.push(...edges.map(({ node }) => node.id));
            if (!hasNextPage) break;
            after = next ?? edges.at(-1)!.cursor;
          }
          expect([...found].sort()).toEqual([...ids].sort());
        },
      );
      await fc.assert(run, { numRuns: 2 }).finally(() => asked.mockRestore());
    },
    60_000,
  );

  it('may be empty, and says where the list goes on', async () => {
    const [id] = await publish([1]);
    const [, read] = lists[0]!;
    const page = await read({ viewerId: null, first: 5, after: undefined });
    expect(page).toEqual({ edges: [], hasNextPage: true, next: expect.any(String) as string });
    const rest = await read({
      viewerId: null,
      first: 5,
      after: (await read({ viewerId: null, first: 5, after: page.next })).next,
    });
    expect(rest).toMatchObject({ edges: [{ node: { id } }], hasNextPage: false });
  });
});

/** How far before now the row with this number stands. */
const ago = (n: string): string => `now() - ${n} * interval '10 seconds'`;

const FILL = [
  `insert into listed_post (post_id, author_id, hot_at)
   select gen_random_uuid(), gen_random_uuid(), ${ago('n')} from generate_series(1, 6000) n`,
  `insert into post_hashtag (post_id, hashtag, author_id, created_at, hot_at)
   select gen_random_uuid(), 'crowd', gen_random_uuid(), ${ago('n')}, ${ago('n')} from generate_series(1, 6000) n`,
  `insert into post_search (post_id, author_id, created_at, words, beginning)
   select gen_random_uuid(), gen_random_uuid(), ${ago('n')},
     to_tsvector('simple', case when n <= 1000 then 'new' when n <= 13000 then 'some many' else 'many' end), ''
   from generate_series(1, ${UNSEEN + 1000}) n`,
];

const POSTS = `
  insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at)
  select gen_random_uuid(), author, 'some new many', '{}', '{crowd}', false, gen_random_uuid(), ${ago('(share * 6000)')}
  from unnest($1::float8[], $2::uuid[]) as t (share, author) returning id`;
