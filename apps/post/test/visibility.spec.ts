import { jest } from '@jest/globals';
import { type Audience, type Post, postRpc } from '@fowergram/contracts-post';
import { MUTED_FOR_EVER, userEvent } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';
import { AUDIENCES, accounts, relate, relationOf, setAccount, type RelationPart, viewers } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

type Account = (typeof accounts)[keyof typeof accounts];

/** What docs/privacy.md says of a post, in other words than the statements. */
function mayRead(relation: RelationPart | null, audience: Audience, { hidden, isPrivate }: Account): boolean {
  if (hidden || relation?.blocked || relation?.reported) return false;
  if (audience === 'CLOSE_FRIENDS') return relation?.closeFriend === true;
  if (audience === 'FOLLOWERS' || isPrivate) return relation?.follows === true;
  return true;
}

const isMuted = (relation: RelationPart | null): boolean =>
  relation?.postsMutedUntil != null && Date.parse(relation.postsMutedUntil) > Date.now();

describe('what a viewer sees of posts', () => {
  let world: World;

  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  const found = async (work: Promise<unknown>): Promise<boolean> =>
    work.then(
      () => true,
      (error: { code: string }) => {
        expect(error.code).toBe('NOT_FOUND');
        return false;
      },
    );

  /** An author with a post for each audience, each with a comment and a like of a friend who sees all of them. */
  async function scene(account: Account) {
    const [author, friend] = newUserIds(2) as [string, string];
    await relate(world, friend, author, { follows: true, closeFriend: true });
    const posts: { post: Post; comment: string }[] = [];
    for (const audience of AUDIENCES) {
      const post = await world.post(author, { audience });
      const { id } = await world.call(postRpc.createComment, { postId: post.id, authorId: friend, text: 'hi' });
      await world.call(postRpc.like, { postId: post.id, userId: friend });
      posts.push({ post, comment: id });
    }
    await setAccount(world, author, account);
    return { author, friend, posts };
  }

  /** A user who stands so to the author and whose feed is made of them whatever that means; null for nobody. */
  async function join(author: string, relation: RelationPart | null): Promise<string | null> {
    if (!relation) return null;
    const [viewerId, ...others] = newUserIds(3) as [string, string, string];
    world.users.follow(viewerId, author);
    // What binds them to somebody else says nothing of this author.
    await relate(world, viewerId, others[0], { blocked: true, postsMutedUntil: MUTED_FOR_EVER });
    await relate(world, viewerId, others[1], { follows: true, closeFriend: true });
    await relate(world, viewerId, author, relation);
    return viewerId;
  }

  /** Which of the ways to one post lead somewhere. */
  async function waysTo({ post, comment }: { post: Post; comment: string }, viewerId: string | null) {
    const postId = post.id;
    const userId = viewerId!;
    const reads = {
      byIds: (await world.call(postRpc.byIds, { ids: [postId], viewerId })).length === 1,
      comments: await found(world.call(postRpc.comments, { postId, viewerId })),
      commentsOfPosts:
        (await world.call(postRpc.commentsOfPosts, { postIds: [postId], viewerId, first: 1 })).length === 1,
      commentsByIds: (await world.call(postRpc.commentsByIds, { ids: [comment], viewerId })).length === 1,
      likers: await found(world.call(postRpc.likers, { postId, viewerId })),
    };
    if (!viewerId) return reads;
    const own = await world
      .call(postRpc.createComment, { postId, authorId: userId, text: 'mine' })
      .catch((error: { code: string }) => error.code);
    return {
      ...reads,
      like: await found(world.call(postRpc.like, { postId, userId })),
      unlike: await found(world.call(postRpc.unlike, { postId, userId })),
      createComment: typeof own === 'object',
      deleteComment:
        typeof own === 'object' && (await found(world.call(postRpc.deleteComment, { id: own.id, userId }))),
    };
  }

  const idsOf = (posts: { post: Post }[]): string[] => posts.map(({ post }) => post.id).reverse();

  for (const [accountName, account] of Object.entries(accounts))
    it.each(Object.entries(viewers))(
      `is decided for %s of a ${accountName} account on every path`,
      async (_name, relation) => {
        const { author, posts } = await scene(account);
        const viewerId = await join(author, relation);
        const seen = posts.filter(({ post }) => mayRead(relation, post.audience, account));
        for (const one of posts) {
          const ways = await waysTo(one, viewerId);
          expect([one.post.audience, ways]).toEqual([
            one.post.audience,
            Object.fromEntries(Object.keys(ways).map((way) => [way, seen.includes(one)])),
          ]);
        }
        const page = await world.call(postRpc.byAuthor, { authorId: author, viewerId, first: 2 });
        expect(page.edges.map(({ node }) => node.id)).toEqual(idsOf(seen).slice(0, 2));
        expect(page.hasNextPage).toBe(seen.length > 2);
        if (viewerId) expect(await world.feed(viewerId, 1)).toEqual(isMuted(relation) ? [] : idsOf(seen));
      },
    );

  it('is everything of their own, also while they are hidden', async () => {
    const { author, posts } = await scene(accounts['hidden and private']);
    for (const one of posts)
      expect(await world.call(postRpc.byIds, { ids: [one.post.id], viewerId: author })).toHaveLength(1);
    expect(await world.feed(author)).toEqual(idsOf(posts));
    expect((await world.call(postRpc.byAuthor, { authorId: author, viewerId: author })).edges).toHaveLength(3);
  });

  it('is the same where the feed comes from Postgres', async () => {
    const scenes = [];
    for (const [, account] of Object.entries(accounts))
      for (const [, relation] of Object.entries(viewers)) {
        if (!relation) continue;
        const { author, posts } = await scene(account);
        const viewerId = (await join(author, relation))!;
        const seen = posts.filter(({ post }) => !isMuted(relation) && mayRead(relation, post.audience, account));
        scenes.push({ viewerId, expected: idsOf(seen) });
      }
    await world.redis.kill();
    try {
      for (const { viewerId, expected } of scenes) expect(await world.feed(viewerId, 2)).toEqual(expected);
    } finally {
      await world.redis.revive();
    }
  });

  it('fills a page of the feed and of a profile with what comes behind what they may not see', async () => {
    const [author, viewer] = newUserIds(2) as [string, string];
    world.users.follow(viewer, author);
    await relate(world, viewer, author, { follows: true });
    const old = [await world.post(author), await world.post(author, { audience: 'FOLLOWERS' })];
    for (let times = 0; times < 9; times++) await world.post(author, { audience: 'CLOSE_FRIENDS' });
    await world.untilIdle();
    const expected = old.map(({ id }) => id).reverse();
    const profile = await world.call(postRpc.byAuthor, { authorId: author, viewerId: viewer, first: 2 });
    const home = await world.call(postRpc.homeFeed, { viewerId: viewer, first: 2 });
    for (const page of [profile, home]) {
      expect(page.edges.map(({ node }) => node.id)).toEqual(expected);
      expect(page.hasNextPage).toBe(false);
    }
  });

  it('takes one step where the feed comes from Postgres, however many posts of an author are not for them', async () => {
    const [author, viewer] = newUserIds(2) as [string, string];
    world.users.follow(viewer, author);
    await relate(world, viewer, author, { follows: true });
    const { id } = await world.post(author);
    for (let times = 0; times < 9; times++) await world.post(author, { audience: 'CLOSE_FRIENDS' });
    await world.redis.kill();
    try {
      const before = world.users.followeeIdsAsked;
      const { edges } = await world.call(postRpc.homeFeed, { viewerId: viewer, first: 2 });
      expect([edges.map(({ node }) => node.id), world.users.followeeIdsAsked - before]).toEqual([[id], 1]);
    } finally {
      await world.redis.revive();
    }
  });

  it('changes with the audience of a post, wider and narrower, from the answer on', async () => {
    const { author, posts } = await scene(accounts.public);
    const [stranger, follower] = [await join(author, {}), await join(author, { follows: true })];
    const { id } = posts[0]!.post;
    const sees = async (viewerId: string | null) =>
      (await world.call(postRpc.byIds, { ids: [id], viewerId })).length === 1;
    for (const [audience, expected] of [
      ['CLOSE_FRIENDS', [false, false]],
      ['FOLLOWERS', [false, true]],
      ['PUBLIC', [true, true]],
    ] as const) {
      expect(await world.call(postRpc.update, { id, userId: author, audience })).toMatchObject({ id, audience });
      expect([await sees(stranger), await sees(follower)]).toEqual(expected);
    }
  });

  it('says nothing of a post that is somebody else’s to whoever would change it', async () => {
    const { friend, posts } = await scene(accounts.public);
    const update = world.call(postRpc.update, { id: posts[0]!.post.id, userId: friend, audience: 'FOLLOWERS' });
    await expect(update).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['id'] } });
  });

  it('is decided by the highest version of a relation, by whichever way and however late it comes', async () => {
    const { author, posts } = await scene(accounts.private);
    const viewer = (await join(author, {}))!;
    const [older, newer] = [relationOf(viewer, author, {}), relationOf(viewer, author, { follows: true })];
    await world.deliver(userEvent.relationChanged, newer);
    await world.call(postRpc.applyVisibility, { relations: [older], accounts: [] });
    await world.deliver(userEvent.relationChanged, older);
    const { id } = posts[0]!.post;
    expect(await world.call(postRpc.byIds, { ids: [id], viewerId: viewer })).toHaveLength(1);
    const twice = [relationOf(viewer, author, {}), relationOf(viewer, author, { follows: true })];
    await world.call(postRpc.applyVisibility, { relations: [...twice].reverse(), accounts: [] });
    expect(await world.call(postRpc.byIds, { ids: [id], viewerId: viewer })).toHaveLength(1);
  });

  it('is decided for accounts by the events of their changes, too', async () => {
    const { author, posts } = await scene(accounts.public);
    const at = new Date().toISOString();
    const change = { userId: author, role: 'USER', status: 'ACTIVE', version: 1_000_000, at } as const;
    await world.deliver(userEvent.accountChanged, { ...change, isPrivate: true });
    const { id } = posts[0]!.post;
    expect(await world.call(postRpc.byIds, { ids: [id], viewerId: null })).toEqual([]);
    // As it came before there were private accounts.
    const { isPrivate: _left, ...older } = { ...change, version: 1_000_001, isPrivate: false };
    await world.deliver(userEvent.accountChanged, older as typeof older & { isPrivate: boolean });
    expect(await world.call(postRpc.byIds, { ids: [id], viewerId: null })).toHaveLength(1);
  });

  it('ends in the cached feed with the answer to an unfollow', async () => {
    const { author, posts } = await scene(accounts.public);
    const viewer = (await join(author, { follows: true }))!;
    await world.untilIdle();
    expect(await world.feed(viewer)).toEqual(idsOf(posts.slice(0, 2)));
    world.users.unfollow(viewer, author);
    await relate(world, viewer, author, {});
    expect(await world.feed(viewer)).toEqual([]);
  });

  it('takes one statement for a list and two for a feed, however much of it they may not see', async () => {
    const { author, friend, posts } = await scene(accounts.public);
    const viewer = (await join(author, { follows: true, closeFriend: true }))!;
    await relate(world, viewer, friend, { blocked: true });
    await world.untilIdle();
    await world.feed(viewer);
    const [{ post }, ...rest] = posts as [(typeof posts)[number], ...typeof posts];
    const query = jest.spyOn(world.app.get(Database, { strict: false }), 'query');
    const statementsOf = async (read: () => Promise<unknown>): Promise<number> => {
      // Others ask the same tables meanwhile: what is aggregated, due or retained.
      const isForViewer = (values: unknown[] = []) => values.includes(viewer);
      const texts = () =>
        query.mock.calls.filter(
          ([text, values]) => /\bfrom (post|comment|post_like)\b/.test(text) && isForViewer(values),
        ).length;
      const before = texts();
      await read();
      return texts() - before;
    };
    try {
      const list = { postId: post.id, viewerId: viewer };
      const reads = [
        () => world.call(postRpc.byAuthor, { authorId: author, viewerId: viewer }),
        () => world.call(postRpc.byIds, { ids: posts.map((one) => one.post.id), viewerId: viewer }),
        () => world.call(postRpc.comments, list),
        () => world.call(postRpc.commentsOfPosts, { postIds: posts.map((one) => one.post.id), viewerId: viewer }),
        () => world.call(postRpc.commentsByIds, { ids: rest.map(({ comment }) => comment), viewerId: viewer }),
        () => world.call(postRpc.likers, list),
      ];
      for (const read of reads) expect(await statementsOf(read)).toBe(1);
      const feed = () => world.call(postRpc.homeFeed, { viewerId: viewer, first: 1, takesReferences: true });
      expect(await statementsOf(feed)).toBe(2);
    } finally {
      query.mockRestore();
    }
  });
});
