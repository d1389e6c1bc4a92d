import fc from 'fast-check';
import { postDiscoveryRpc, postRpc } from '@fowergram/contracts-post';
import { MUTED_FOR_EVER } from '@fowergram/contracts-user';
import { raiseLikes } from './finding-kit.js';
import { block, relate, setAccount } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('finding posts', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(() => world.db.query('delete from post'));

  /** Ids of all pages, with whom they are by. */
  async function explored(viewerId: string | null, first = 2): Promise<{ id: string; authorId: string }[]> {
    const found: { id: string; authorId: string }[] = [];
    for (let after: string | undefined; ;) {
      const page = await world.call(postDiscoveryRpc.explore, { viewerId, first, after });
      found.push(...page.edges.map(({ node: { id, authorId } }) => ({ id, authorId })));
      if (!page.hasNextPage) return found;
      expect(page.edges).toHaveLength(first);
      after = page.edges.at(-1)!.cursor;
    }
  }

  async function searched(query: string, viewerId: string | null = null, first = 2): Promise<string[]> {
    const ids: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await world.call(postDiscoveryRpc.search, { query, viewerId, first, after });
      ids.push(...page.edges.map(({ node }) => node.id));
      if (!page.hasNextPage) return ids;
      after = page.edges.at(-1)!.cursor;
    }
  }

  const say = async (authorId: string, caption: string): Promise<string> =>
    (await world.post(authorId, { caption })).id;

  describe('explore', () => {
    it('shows hot posts of the last days by others first, and never two of one author in a row', async () => {
      const [viewer, ann, bo] = newUserIds(3) as [string, string, string];
      const [first, second, third] = [await say(ann, '1'), await say(ann, '2'), await say(bo, '3')];
      await say(viewer, 'own');
      const old = await say(bo, 'old');
      await world.db.query(
        `update post set created_at = created_at - interval '8 days', like_count = 9000 where id = $1`,
        [old],
      );
      expect((await explored(viewer)).map(({ id }) => id)).toEqual([third, second]);
      await raiseLikes(world, first, 7);
      expect((await explored(viewer)).map(({ id }) => id)).toEqual([first, third, second]);
    });

    it('neither repeats a post nor shows two of one author in a row, on pages of any size while likes come', async () => {
      const authors = newUserIds(3);
      const run = fc.asyncProperty(
        fc.array(fc.nat(2), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(40), { maxLength: 12 }),
        async (whose, first, likes) => {
          await world.db.query('delete from post');
          const ids: string[] = [];
          for (const index of whose) ids.push(await say(authors[index]!, ''));
          const page = await world.call(postDiscoveryRpc.explore, { viewerId: null, first });
          for (const [index, count] of likes.entries()) if (ids[index]) await raiseLikes(world, ids[index], count);
          const after = page.edges.at(-1)!.cursor;
          const rest = await world.call(postDiscoveryRpc.explore, { viewerId: null, first: 100, after });
          const all = [...page.edges, ...rest.edges].map(({ node }) => node);
          expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
          expect(all.filter(({ authorId }, index) => authorId === all[index + 1]?.authorId)).toEqual([]);
        },
      );
      await fc.assert(run, { numRuns: 6 });
    }, 30_000);

    it('goes on behind many posts that nobody sees', async () => {
      const [ann, bo] = newUserIds(2) as [string, string];
      const ids = [await say(ann, ''), await say(bo, '')];
      await world.db.query(
        `insert into listed_post (post_id, author_id, hot_at)
         select gen_random_uuid(), gen_random_uuid(), now() + n * interval '1 second' from generate_series(1, 1010) n`,
      );
      expect((await explored(null)).map(({ id }) => id)).toEqual([...ids].reverse());
      await world.db.query('delete from listed_post where post_id <> all($1)', [ids]);
    });

    it('shows nothing of those who are hidden, private, muted or in a block, nor muted words', async () => {
      const [viewer, open, closed, hidden, blocked, muted] = newUserIds(6) as [
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      for (const author of [closed, hidden, blocked, muted]) await say(author, '');
      await setAccount(world, closed, { isPrivate: true });
      await setAccount(world, hidden, { hidden: true });
      await block(world, viewer, blocked);
      await relate(world, viewer, muted, { postsMutedUntil: MUTED_FOR_EVER });
      const shown = await say(open, '');
      await say(newUserIds(1)[0]!, 'a spoiler');
      await world.post(open, { audience: 'FOLLOWERS' });
      await world.call(postRpc.applyVisibility, {
        relations: [],
        accounts: [],
        mutedWords: { userId: viewer, version: 1, words: [{ text: 'spoiler', expiresAt: null }] },
      });
      expect((await explored(viewer, 1)).map(({ id }) => id)).toEqual([shown]);
    });

    it('takes the next post of an author in place of one with a muted word', async () => {
      const [viewer, ann, bo] = newUserIds(3) as [string, string, string];
      const [other, , next] = [await say(bo, 'fine'), await say(ann, 'older'), await say(ann, 'fine')];
      await say(ann, 'a spoiler');
      await say(ann, 'one more spoiler');
      await world.call(postRpc.applyVisibility, {
        relations: [],
        accounts: [],
        mutedWords: { userId: viewer, version: 1, words: [{ text: 'spoiler', expiresAt: null }] },
      });
      for (const first of [1, 2, 5]) expect((await explored(viewer, first)).map(({ id }) => id)).toEqual([next, other]);
    });
  });

  describe('a search for posts', () => {
    /** Nothing is found any more because it looks like what is asked for. */
    const withoutSimilar = () => world.db.query(`update post_search set beginning = ''`);

    it('finds captions that have all words, newest first, whatever case and accents they are written with', async () => {
      const [ann] = newUserIds(1) as [string];
      const ids = [
        await say(ann, 'Sonnenuntergang am Mäuseturm'),
        await say(ann, 'A sunset over the sea'),
        await say(ann, 'The SEA at sunset, again #sunset_lovers'),
      ];
      expect(await searched('sunset sea', null, 1)).toEqual([ids[2], ids[1]]);
      expect(await searched('MAUSETURM')).toEqual([ids[0]]);
      expect(await searched('again')).toEqual([ids[2]]);
      expect(await searched('sea mountains')).toEqual([]);
    });

    it.each([
      ['English', 'She runs along the beach every morning', 'running', 'RUN'],
      ['German', 'Ein altes Haus im Wald', 'Häuser', 'Walde'],
      ['French', 'Les chevaux de mon oncle mangent des pommes', 'cheval', 'pomme'],
      ['Russian', 'Старые дома в городе на реке', 'домами', 'город'],
    ])(
      'finds the words of a caption in %s in whatever form they are asked for',
      async (_language, caption, ...words) => {
        const [ann] = newUserIds(1) as [string];
        const id = await say(ann, caption);
        await withoutSimilar();
        for (const word of words) expect(await searched(word)).toEqual([id]);
        expect(await searched(words.join(' '))).toEqual([id]);
      },
    );

    it('looks for a form of a word in captions of its own language alone', async () => {
      const [ann] = newUserIds(1) as [string];
      const ids = [await say(ann, 'All of this happened in the past'), await say(ann, 'La mia pasta con le vongole')];
      await withoutSimilar();
      expect(await searched('pasta')).toEqual([ids[1]]);
    });

    it('finds by the words of an edit in its language, and no more by those of before', async () => {
      const [ann] = newUserIds(1) as [string];
      const id = await say(ann, 'She runs along the beach every morning');
      await world.call(postRpc.update, { id, userId: ann, caption: 'Ein altes Haus im Wald' });
      await withoutSimilar();
      expect(await searched('running')).toEqual([]);
      expect(await searched('Häuser')).toEqual([id]);
    });

    it('finds words of scripts that put no spaces between them', async () => {
      const [ann] = newUserIds(1) as [string];
      const ids = [await say(ann, '今天的咖啡很好喝'), await say(ann, '啡咖'), await say(ann, 'เช้านี้กาแฟอร่อย')];
      expect(await searched('咖啡')).toEqual([ids[0]]);
      expect(await searched('กาแฟ')).toEqual([ids[2]]);
    });

    it('finds similar words where few posts have the very words', async () => {
      const [ann] = newUserIds(1) as [string];
      const id = await say(ann, 'A lighthouse in the storm');
      expect(await searched('lighthouses')).toEqual([id]);
      expect(await searched('lighthose')).toEqual([id]);
      expect(await searched('houses')).toEqual([]);
    });

    it('finds similar words no more where twenty posts have the very words', async () => {
      const [ann] = newUserIds(1) as [string];
      const similar = await say(ann, 'A lighthose');
      // Newer ones without the words, among which they are not common.
      await world.db.query(
        `insert into post_search (post_id, author_id, created_at, words, beginning)
         select gen_random_uuid(), $1, now(), to_tsvector('simple', 'nothing'), '' from generate_series(1, 1000) n`,
        [ann],
      );
      const write = (count: number) =>
        world.db.query(
          `insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at)
           select gen_random_uuid(), $1, 'lighthouse', '{}', '{}', false, gen_random_uuid(), now() - interval '1 day'
           from generate_series(1, $2::integer)`,
          [ann, count],
        );
      await write(19);
      expect(await searched('lighthouse', null, 50)).toHaveLength(20);
      await write(1);
      const found = await searched('lighthouse', null, 50);
      expect([found.length, found.includes(similar)]).toEqual([20, false]);
      await world.db.query('delete from post_search where author_id = $1', [ann]);
    });

    it('finds for a viewer what they may see and have not muted', async () => {
      const [viewer, open, closed, blocked] = newUserIds(4) as [string, string, string, string];
      const ids = [await say(open, 'pancakes'), await say(closed, 'pancakes'), await say(viewer, 'pancakes')];
      await say(blocked, 'pancakes');
      await say(open, 'pancakes with onions');
      const own = await say(viewer, 'pancakes with onions');
      await setAccount(world, closed, { isPrivate: true });
      await block(world, viewer, blocked);
      await world.call(postRpc.applyVisibility, {
        relations: [],
        accounts: [],
        mutedWords: { userId: viewer, version: 1, words: [{ text: 'onions', expiresAt: null }] },
      });
      expect(await searched('pancakes', viewer, 1)).toEqual([own, ids[2], ids[0]]);
      await relate(world, viewer, closed, { follows: true });
      expect(await searched('pancakes', viewer, 1)).toEqual([own, ids[2], ids[1], ids[0]]);
    });

    it('takes whatever a query is made of as plain text', async () => {
      const [ann] = newUserIds(1) as [string];
      const id = await say(ann, 'plain words');
      for (const query of [
        "' or 1=1 --",
        'words:*',
        '!words',
        'plain & !words',
        'plain | nothing',
        '(',
        '<->',
        '%',
        '_',
        '\\',
        '"',
        "''''",
        '🎉',
        'abc÷def×ghi',
        'कखग।घङच',
        "it's o'clock'''",
        'a'.repeat(100),
      ])
        expect(await searched(query)).toEqual(['words:*', '!words', 'plain & !words'].includes(query) ? [id] : []);
      for (const query of ['', ' ', '\u200b', 'a\0b', '\ud800', 'a'.repeat(101)])
        await expect(searched(query)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['query'] } });
    });

    it('begins at the newest post, and looks at a bounded number at once, where very many have the words', async () => {
      const [ann, bo] = newUserIds(2) as [string, string];
      // Very many posts of which nobody sees any.
      await world.db.query(
        `insert into post_search (post_id, author_id, created_at, words, beginning)
         select gen_random_uuid(), $1, now() - n * interval '1 minute', to_tsvector('simple', 'usual words'), ''
         from generate_series(1, 5100) n`,
        [ann],
      );
      const newest = await say(bo, 'usual words');
      const old = await say(bo, 'words that are usual');
      await world.db.query(`update post set created_at = now() - interval '3000 minutes' where id = $1`, [old]);
      expect(await searched('usual words', null, 5)).toEqual([newest, old]);
      await world.db.query('delete from post_search where author_id = $1', [ann]);
    });
  });
});
