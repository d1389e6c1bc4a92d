import { AppError } from '@fowergram/contracts-core';
import { hashtagRpc, postRpc } from '@fowergram/contracts-post';
import { MUTED_FOR_EVER } from '@fowergram/contracts-user';
import { eventually } from '@fowergram/testing';
import { HashtagCountsService } from '../src/hashtags/hashtag-counts.service.js';
import { TrendingService } from '../src/hashtags/trending.service.js';
import { raiseLikes } from './finding-kit.js';
import { block, relate, setAccount } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('A hashtag', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  let number = 0;
  const newTag = (): string => `tag${++number}`;
  const tagged = async (authorId: string, ...names: string[]): Promise<string> =>
    (await world.post(authorId, { caption: names.map((name) => `#${name}`).join(' ') })).id;
  const hashtag = async (name: string, viewerId: string | null = null) =>
    (await world.call(hashtagRpc.byNames, { names: [name], viewerId }))[0]!;

  /** Ids of all posts of a hashtag, page after page. */
  async function postsOf(
    name: string,
    viewerId: string | null = null,
    order: 'RECENT' | 'POPULAR' = 'RECENT',
    first = 2,
  ): Promise<string[]> {
    const ids: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await world.call(hashtagRpc.posts, { name, viewerId, order, first, after });
      ids.push(...page.edges.map(({ node }) => node.id));
      if (!page.hasNextPage) return ids;
      expect(page.edges).toHaveLength(first);
      after = page.edges.at(-1)!.cursor;
    }
  }

  it('has its posts, newest first, and counts them exactly whatever becomes of them', async () => {
    const [ann] = newUserIds(1) as [string];
    const name = newTag();
    expect(await hashtag(name)).toEqual({ name, postCount: 0, viewerFollows: false });
    const ids = [await tagged(ann, name, 'other'), await tagged(ann, name, name), await tagged(ann, name)];
    expect(await postsOf(`#${name.toUpperCase()}`)).toEqual([...ids].reverse());
    expect((await hashtag(name)).postCount).toBe(3);
    await world.call(postRpc.update, { id: ids[0]!, userId: ann, audience: 'FOLLOWERS' });
    await world.call(postRpc.delete, { id: ids[1]!, userId: ann });
    expect(await postsOf(name)).toEqual([ids[2]]);
    expect((await hashtag(name)).postCount).toBe(1);
    await world.call(postRpc.update, { id: ids[0]!, userId: ann, audience: 'PUBLIC' });
    expect(await postsOf(name)).toEqual([ids[2], ids[0]]);
    expect((await hashtag(name)).postCount).toBe(2);
    await world.db.query(`update post set hidden_reason = 'spam' where id = $1`, [ids[0]]);
    expect(await postsOf(name, ann)).toEqual([ids[2]]);
    expect((await hashtag(name)).postCount).toBe(1);
    await world.db.query(`update post set hashtags = '{}', caption = '' where id = $1`, [ids[2]]);
    expect((await hashtag(name)).postCount).toBe(0);
  });

  describe('counts posts that everybody may see, and', () => {
    const TRUTH = `
      select count(*)::integer as count from post p
      where $1 = any(hashtags) and state = 'PUBLISHED' and audience = 'PUBLIC' and hidden_reason is null
        and not exists (select from hidden_account where user_id = p.author_id and (hidden or is_private))`;
    const truth = async (name: string) => (await world.db.query<{ count: number }>(TRUTH, [name]))[0]!.count;
    const countOf = async (name: string) => (await hashtag(name)).postCount;

    it('none of an account that is private or hidden, from the answer on, whatever becomes of its posts meanwhile', async () => {
      const [ann, bo] = newUserIds(2) as [string, string];
      const name = newTag();
      const [first, second] = [await tagged(ann, name), await tagged(ann, name, 'other')];
      await tagged(bo, name);
      expect(await countOf(name)).toBe(3);
      await setAccount(world, ann, { isPrivate: true });
      expect(await countOf(name)).toBe(1);
      await tagged(ann, name);
      await world.call(postRpc.delete, { id: first, userId: ann });
      await world.call(postRpc.update, { id: second, userId: ann, audience: 'FOLLOWERS' });
      expect(await countOf(name)).toBe(1);
      await world.call(postRpc.update, { id: second, userId: ann, audience: 'PUBLIC' });
      await setAccount(world, ann, { isPrivate: true, hidden: true });
      expect(await countOf(name)).toBe(1);
      await setAccount(world, ann, {});
      expect(await countOf(name)).toBe(3);
      await world.changeAccount(bo, 'BANNED', 1_000);
      await eventually(async () => (await countOf(name)) === 2);
    });

    it('follows an account with thousands of them in batches', async () => {
      const [ann] = newUserIds(1) as [string];
      const name = newTag();
      const id = await tagged(ann, name);
      await world.db.query(
        `insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at)
         select gen_random_uuid(), $1, '', '{}', array[$2], false, gen_random_uuid(), now() from generate_series(1, 2500)`,
        [ann, name],
      );
      const counts = world.app.get(HashtagCountsService, { strict: false });
      for (const [isPrivate, expected] of [
        [true, 0],
        [false, 2_501],
      ] as const) {
        await world.db.query(
          `insert into hidden_account (user_id, version, hidden, is_private) values ($1, 1, false, $2)
           on conflict (user_id) do update set is_private = excluded.is_private`,
          [ann, isPrivate],
        );
        await counts.followFirst([ann]);
        await eventually(async () => (await countOf(name)) === expected);
      }
      await world.call(postRpc.delete, { id, userId: ann });
      expect(await countOf(name)).toBe(2_500);
    });

    it('ends exact after a storm of posts, audiences and changes of accounts', async () => {
      const authors = newUserIds(3);
      const name = newTag();
      const storm = Array.from({ length: 45 }, async (_, index) => {
        const author = authors[index % 3]!;
        if (index % 5 === 0) return setAccount(world, author, { isPrivate: index % 2 === 0 });
        const id = await tagged(author, name);
        if (index % 4 === 0) await world.call(postRpc.update, { id, userId: author, audience: 'FOLLOWERS' });
        else if (index % 7 === 0) await world.call(postRpc.delete, { id, userId: author });
      });
      await Promise.all(storm);
      await eventually(async () => (await countOf(name)) === (await truth(name)));
      for (const author of authors) await setAccount(world, author, {});
      expect(await countOf(name)).toBe(await truth(name));
      expect(await truth(name)).toBeGreaterThan(10);
    });
  });

  it('shows each viewer what they may see, on full pages, without muted authors and words', async () => {
    const [viewer, open, closed, blocked, muted, hidden] = newUserIds(6) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const name = newTag();
    const shown: string[] = [];
    const ofClosed: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (const author of [blocked, muted, hidden]) await tagged(author, name);
      ofClosed.unshift(await tagged(closed, name));
      shown.unshift(await tagged(open, name));
      await tagged(open, name, 'spoiler');
    }
    await setAccount(world, closed, { isPrivate: true });
    await setAccount(world, hidden, { hidden: true });
    await block(world, viewer, blocked);
    await relate(world, viewer, muted, { postsMutedUntil: MUTED_FOR_EVER });
    const words = [{ text: '#spoiler', expiresAt: null }];
    await world.call(postRpc.applyVisibility, {
      relations: [],
      accounts: [],
      mutedWords: { userId: viewer, version: 1, words },
    });
    expect(await postsOf(name, viewer)).toEqual(shown);
    await relate(world, viewer, closed, { follows: true });
    expect(await postsOf(name, viewer)).toEqual(shown.flatMap((id, index) => [id, ofClosed[index]]));
    expect(await postsOf(name, null)).toHaveLength(12);
  });

  it('lists hot posts first in the order POPULAR, and no post twice when likes are taken back', async () => {
    const [ann] = newUserIds(1) as [string];
    const name = newTag();
    const ids = [];
    for (let index = 0; index < 4; index++) ids.push(await tagged(ann, name));
    await raiseLikes(world, ids[1]!, 3);
    await raiseLikes(world, ids[0]!, 40);
    expect(await postsOf(name, null, 'POPULAR')).toEqual([ids[0], ids[1], ids[3], ids[2]]);
    const page = await world.call(hashtagRpc.posts, { name, viewerId: null, order: 'POPULAR', first: 1 });
    await raiseLikes(world, ids[0]!, 0);
    const after = page.edges[0]!.cursor;
    const rest = await world.call(hashtagRpc.posts, { name, viewerId: null, order: 'POPULAR', first: 9, after });
    expect(rest.edges.map(({ node }) => node.id)).toEqual([ids[1], ids[3], ids[2]]);
  });

  it.each(['RECENT', 'POPULAR'] as const)(
    'goes on in the order %s behind many posts that nobody sees',
    async (order) => {
      const [ann] = newUserIds(1) as [string];
      const name = newTag();
      const ids = [await tagged(ann, name), await tagged(ann, name)];
      await world.db.query(
        `insert into post_hashtag (post_id, hashtag, author_id, created_at, hot_at)
       select gen_random_uuid(), $1, $2, later, later from generate_series(1, 1010) n, lateral (select now() + n * interval '1 second' as later) at`,
        [name, ann],
      );
      expect(await postsOf(name, null, order)).toEqual([...ids].reverse());
    },
  );

  it('is one whatever its spelling, and refuses what a caption would read otherwise', async () => {
    for (const name of ['', '#', 'two words', '1', '##a', 'a#b', 'a.b', `${'a'.repeat(101)}`, 'a\0', '\ud800', '#a ']) {
      const asked = world.call(hashtagRpc.posts, { name, viewerId: null });
      if (name === '#a ') await expect(asked).resolves.toMatchObject({ edges: [] });
      else await expect(asked).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['name'] } });
    }
    const [ann] = newUserIds(1) as [string];
    const id = await tagged(ann, 'Caf\u00e9');
    for (const name of ['cafe\u0301', '\uff23\uff41\uff46\u00c9', '\uff03CAF\u00c9'])
      expect(await postsOf(name)).toEqual([id]);
  });

  it('is followed by so many times as is allowed, once each, and listed latest first', async () => {
    const [ann] = newUserIds(1) as [string];
    const follow = (name: string, options = {}) => world.call(hashtagRpc.follow, { userId: ann, name }, options);
    const names = Array.from({ length: 50 }, newTag);
    for (const name of names) await follow(name);
    await expect(follow(newTag())).rejects.toMatchObject({
      code: 'FORBIDDEN',
      details: { path: ['name'], reason: 'HASHTAG_FOLLOW_LIMIT' },
    } satisfies Partial<AppError>);
    expect(await follow(names[0]!)).toEqual({ name: names[0], postCount: 0, viewerFollows: true });
    expect(await world.call(hashtagRpc.followed, { userId: ann })).toEqual([...names].reverse());
    for (let time = 0; time < 2; time++)
      expect(await world.call(hashtagRpc.unfollow, { userId: ann, name: names[0]! })).toMatchObject({
        viewerFollows: false,
      });
    const extra = newTag();
    const answer = await follow(extra, { idempotencyKey: 'once' });
    await world.call(hashtagRpc.unfollow, { userId: ann, name: extra });
    expect(await follow(extra, { idempotencyKey: 'once' })).toEqual(answer);
    expect((await hashtag(extra, ann)).viewerFollows).toBe(false);
  });

  it('is a trend when several authors use it, however often one of them does', async () => {
    const [ann, bo, cy, banned, closed] = newUserIds(5) as [string, string, string, string, string];
    const [busy, shared, popular, fake] = [newTag(), newTag(), newTag(), newTag()];
    for (let time = 0; time < 5; time++) await tagged(ann, busy);
    for (const author of [ann, bo]) await tagged(author, shared);
    for (const author of [ann, bo, cy]) await tagged(author, popular);
    for (const author of [ann, banned, closed]) await tagged(author, fake);
    await setAccount(world, banned, { hidden: true });
    await setAccount(world, closed, { isPrivate: true });
    await world.app.get(TrendingService, { strict: false }).rank();
    const trending = async (viewerId: string | null) =>
      (await world.call(hashtagRpc.trending, { viewerId, first: 50 })).filter((name) =>
        [busy, shared, popular, fake].includes(name),
      );
    expect(await trending(null)).toEqual([popular, shared]);
    const words = [{ text: `#${popular}`, expiresAt: null }];
    await world.call(postRpc.applyVisibility, {
      relations: [],
      accounts: [],
      mutedWords: { userId: ann, version: 1, words },
    });
    expect(await trending(ann)).toEqual([shared]);
    const older = `update post_hashtag set created_at = created_at - interval '12 hours' where hashtag = $1`;
    await world.db.query(older, [popular]);
    await world.app.get(TrendingService, { strict: false }).rank();
    expect(await trending(null)).toEqual([shared, popular]);
  });

  it('is a trend for three days, by the latest use of each author', async () => {
    const authors = newUserIds(2);
    const [past, lasting, daily, again] = [newTag(), newTag(), newTag(), newTag()];
    const uses = [
      [past, 73],
      [lasting, 71],
      [again, 71],
      [daily, 24],
      [again, 0],
    ] as const;
    for (const [name, hoursAgo] of uses)
      for (const author of authors)
        await world.db.query(
          `update post_hashtag set created_at = created_at - $2 * interval '1 hour' where post_id = $1`,
          [await tagged(author, name), hoursAgo],
        );
    await world.app.get(TrendingService, { strict: false }).rank();
    const trending = await world.call(hashtagRpc.trending, { viewerId: null, first: 50 });
    expect(trending.filter((name) => [past, lasting, daily, again].includes(name))).toEqual([again, daily, lasting]);
  });
});
