import { getQueueToken } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import { AppError, NEWEST, OLDEST } from '@fowergram/contracts-core';
import { postLifeRpc, postRpc } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import type { Database } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { FAN_OUT } from '../src/feed/fan-out.queue.js';
import { feedKey } from '../src/feed/feed.keys.js';
import { FeedRepository } from '../src/feed/feed.repository.js';
import { oldPosts, oracle, readsFrom } from './feed-oracle.js';
import { relate } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('the home feed', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  /** A viewer who follows these and whose feed is warm. */
  async function warmViewer(...followees: string[]): Promise<string> {
    const [viewer] = newUserIds(1) as [string];
    for (const followee of followees) world.users.follow(viewer, followee);
    await world.feed(viewer);
    return viewer;
  }

  const isWarm = async (viewer: string) => (await world.redis.client.exists(feedKey.following(viewer))) === 1;

  it('shows posts of the users whom the viewer follows and the own ones, newest first, and no others', async () => {
    const [viewer, ann, bo, stranger] = newUserIds(4) as [string, string, string, string];
    world.users.follow(viewer, ann);
    world.users.follow(viewer, bo);
    const expected = [await world.post(ann), await world.post(viewer), await world.post(bo)]
      .reverse()
      .map((post) => post.id);
    await world.post(stranger);
    expect(await world.feed(viewer)).toEqual(expected);
    expect(await world.feed(viewer)).toEqual(expected);
  });

  it('is empty, and ends, for a viewer who follows nobody', async () => {
    const [viewer] = newUserIds(1) as [string];
    const empty = { edges: [], hasNextPage: false };
    expect(await world.call(postRpc.homeFeed, { viewerId: viewer })).toEqual(empty);
    expect(await world.call(postRpc.homeFeed, { viewerId: viewer })).toEqual(empty);
  });

  it('shows counts and whether the viewer likes the post', async () => {
    const [ann] = newUserIds(1) as [string];
    const viewer = await warmViewer(ann);
    const post = await world.post(ann);
    const liked = await world.call(postRpc.like, { postId: post.id, userId: viewer });
    await eventually(async () =>
      expect((await world.call(postRpc.homeFeed, { viewerId: viewer })).edges[0]?.node).toEqual(liked),
    );
  });

  it('takes new posts into a warm feed without asking who follows whom', async () => {
    const [ann] = newUserIds(1) as [string];
    const viewer = await warmViewer(ann);
    const asked = world.users.followeeIdsAsked;
    const post = await world.post(ann);
    await eventually(async () => (await world.feed(viewer))[0] === post.id);
    expect(world.users.followeeIdsAsked).toBe(asked);
  });

  it('costs nothing for viewers who do not read it', async () => {
    const [ann, idle] = newUserIds(2) as [string, string];
    world.users.follow(idle, ann);
    await world.post(ann);
    await world.untilIdle();
    expect(await isWarm(idle)).toBe(false);
  });

  it('reaches every follower where there are more than fit one page', async () => {
    const [ann] = newUserIds(1) as [string];
    const viewers = await Promise.all(Array.from({ length: 7 }, () => warmViewer(ann)));
    world.users.pageSize = 2;
    const post = await world.post(ann);
    await world.untilIdle();
    world.users.pageSize = Infinity;
    for (const viewer of viewers)
      expect(await world.redis.client.zscore(feedKey.posts(viewer), post.id)).toBe(String(Date.parse(post.createdAt)));
  });

  it('has a post again that comes back while its first way to the followers is not over', async () => {
    const [ann, late, ...viewers] = newUserIds(6).sort() as [string, string, ...string[]];
    for (const viewer of viewers) world.users.follow(viewer, ann);
    const feeds = () => Promise.all(viewers.map((viewer) => world.feed(viewer)));
    await feeds();
    // A worker that is paused may be about to take one more.
    const queue = world.app.get<Queue>(getQueueToken(FAN_OUT.name));
    await queue.pause();
    try {
      world.users.pageSize = 2;
      const { id } = await world.post(ann);
      const isPushed = async () => (await world.redis.client.zscore(feedKey.posts(viewers[0]!), id)) !== null;
      await eventually(isPushed);
      // The pages of followers are others from now on.
      world.users.follow(late, ann);
      await world.call(postLifeRpc.archive, { id, userId: ann });
      expect(await feeds()).toEqual(viewers.map(() => []));
      await world.call(postLifeRpc.unarchive, { id, userId: ann });
      await eventually(isPushed);
      await queue.resume();
      await world.untilIdle();
      expect(await feeds()).toEqual(viewers.map(() => [id]));
    } finally {
      world.users.pageSize = Infinity;
      await queue.resume();
    }
  });

  it('shows the own post at once: cold, warm, and after a flush', async () => {
    const [ann] = newUserIds(1) as [string];
    const viewer = await warmViewer(ann);
    for (const disturb of [async () => undefined, () => world.redis.client.flushall(), () => world.dropFeed(viewer)]) {
      const before = await world.post(viewer);
      expect((await world.feed(viewer))[0]).toBe(before.id);
      await disturb();
      const after = await world.post(viewer);
      expect((await world.feed(viewer)).slice(0, 2)).toEqual([after.id, before.id]);
    }
  });

  it('reflects a follow and an unfollow at once when it is invalidated', async () => {
    const [ann, bo] = newUserIds(2) as [string, string];
    const [ofAnn, ofBo] = [await world.post(ann), await world.post(bo)];
    const viewer = await warmViewer(ann);
    world.users.follow(viewer, bo);
    await world.dropFeed(viewer);
    expect(await world.feed(viewer)).toEqual([ofBo.id, ofAnn.id]);
    world.users.unfollow(viewer, ann);
    await world.dropFeed(viewer);
    expect(await world.feed(viewer)).toEqual([ofBo.id]);
    await world.post(ann);
    await world.untilIdle();
    expect(await world.feed(viewer)).toEqual([ofBo.id]);
  });

  it('is invalidated by the events of follows and unfollows too', async () => {
    const [ann] = newUserIds(1) as [string];
    const post = await world.post(ann);
    const viewer = await warmViewer();
    const edge = { followerId: viewer, followeeId: ann, version: 1, at: new Date().toISOString() };
    world.users.follow(viewer, ann);
    await world.messaging.publish(userEvent.followed, edge);
    await eventually(async () => expect(await world.feed(viewer)).toEqual([post.id]));
    world.users.unfollow(viewer, ann);
    await world.messaging.publish(userEvent.unfollowed, { ...edge, version: 2 });
    await eventually(async () => expect(await world.feed(viewer)).toEqual([]));
  });

  it('never shows a deleted post, fills the page with what comes after it, and ends', async () => {
    const [ann] = newUserIds(1) as [string];
    const posts = [];
    for (let i = 0; i < 30; i++) posts.unshift(await world.post(ann));
    const viewer = await warmViewer(ann);
    await Promise.all(posts.slice(0, 25).map((post) => world.call(postRpc.delete, { id: post.id, userId: ann })));
    const page = await world.call(postRpc.homeFeed, { viewerId: viewer, first: 4 });
    expect(page.edges.map((edge) => edge.node.id)).toEqual(posts.slice(25, 29).map((post) => post.id));
    expect(page.hasNextPage).toBe(true);
    expect(await world.call(postRpc.homeFeed, { viewerId: viewer, first: 5 })).toMatchObject({ hasNextPage: false });
  });

  it('leaves out a hidden post that nobody has reported, and goes on behind it among the own posts', async () => {
    const [ann] = newUserIds(1) as [string];
    const viewer = await warmViewer(ann);
    const posts = [];
    for (const author of [ann, viewer, ann, viewer, ann]) posts.unshift((await world.post(author)).id);
    await world.untilIdle();
    await world.db.query("update post set hidden_reason = 'spam' where id = $1", [posts[0]]);
    expect(await world.feed(viewer, 2)).toEqual(posts.slice(1));
  });

  it('shows nobody of those whom the viewer has muted, who are more than fit a list', async () => {
    const muted = newUserIds(120);
    const [ann] = newUserIds(1) as [string];
    // The newest are by those whom a list has no place for.
    await oldPosts(world, [...muted].reverse(), 120);
    const viewer = await warmViewer(...muted, ann);
    const post = await world.post(ann);
    await world.untilIdle();
    await world.db.query(
      `insert into relation (viewer_id, author_id, version, follows, close_friend, blocked, posts_muted_until)
       select $1, id, 1, true, false, false, 'infinity' from unnest($2::uuid[]) id`,
      [viewer, muted],
    );
    expect(await world.feed(viewer, 50)).toEqual([post.id]);
  });

  it('has room for every post of a page, whatever the viewer publishes while it is read', async () => {
    const [ann] = newUserIds(1) as [string];
    const viewer = await warmViewer(ann);
    await relate(world, viewer, ann, { follows: true });
    const posts: string[] = [];
    for (let i = 0; i < 3; i++) posts.unshift((await world.post(ann, { audience: 'FOLLOWERS' })).id);
    const publishes = [async () => void (await Promise.all([1, 2, 3].map(() => world.post(viewer))))];
    const between = {
      query: async (...statement: Parameters<World['db']['query']>) => {
        const rows = await world.db.query(...statement);
        await publishes.pop()?.();
        return rows;
      },
    } as Database;
    const stretch = { ids: posts, after: NEWEST, lowest: OLDEST, limit: 3 };
    const { entries: found } = await new FeedRepository(between).hydrateFirst(viewer, stretch);
    expect(found.map(({ id }) => id)).toEqual(posts);
  });

  it('continues after a post that was deleted once it was shown', async () => {
    const [ann] = newUserIds(1) as [string];
    for (let i = 0; i < 6; i++) await world.post(ann);
    const viewer = await warmViewer(ann);
    const all = await oracle(world, viewer);
    const page = await world.call(postRpc.homeFeed, { viewerId: viewer, first: 3 });
    await world.call(postRpc.delete, { id: all[2]!, userId: ann });
    await world.call(postRpc.homeFeed, { viewerId: viewer, first: 6 });
    const rest = await world.call(postRpc.homeFeed, { viewerId: viewer, first: 3, after: page.edges.at(-1)!.cursor });
    expect(rest.edges.map((edge) => edge.node.id)).toEqual(all.slice(3));
  });

  it.each([1, 3, 40])(
    'scrolls past what the cache holds, %i posts to the millisecond, in the same order and to the last post',
    async (perMillisecond) => {
      const authors = newUserIds(5);
      await oldPosts(world, authors, 700, perMillisecond);
      const viewer = await warmViewer(...authors);
      await oldPosts(world, [viewer], 30, perMillisecond);
      const stored = await readsFrom(world, 'stored');
      const expected = await oracle(world, viewer);
      expect(expected).toHaveLength(730);
      expect(await world.feed(viewer, 33)).toEqual(expected);
      expect(await readsFrom(world, 'stored')).toBeGreaterThan(stored);
    },
  );

  it('keeps a full cache at its size and still has no hole where it ends', async () => {
    const [ann] = newUserIds(1) as [string];
    await oldPosts(world, [ann], 520);
    const viewer = await warmViewer(ann);
    for (let i = 0; i < 10; i++) await world.post(ann);
    await world.untilIdle();
    expect(await world.redis.client.zcard(feedKey.posts(viewer))).toBe(500);
    expect(await world.feed(viewer, 50)).toEqual(await oracle(world, viewer));
  });

  it('is served from the cache with one request to each store once it is warm', async () => {
    const authors = newUserIds(3);
    await oldPosts(world, authors, 100);
    const viewer = await warmViewer(...authors);
    const [cache, stored, rebuilt] = [
      await readsFrom(world, 'cache'),
      await readsFrom(world, 'stored'),
      await readsFrom(world, 'rebuilt'),
    ];
    for (let i = 0; i < 5; i++) await world.call(postRpc.homeFeed, { viewerId: viewer });
    expect(await readsFrom(world, 'cache')).toBe(cache + 5);
    expect([await readsFrom(world, 'stored'), await readsFrom(world, 'rebuilt')]).toEqual([stored, rebuilt]);
  });

  it('does not repeat or skip while posts come in', async () => {
    const [ann] = newUserIds(1) as [string];
    for (let i = 0; i < 12; i++) await world.post(ann);
    const viewer = await warmViewer(ann);
    const expected = await oracle(world, viewer);
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await world.call(postRpc.homeFeed, { viewerId: viewer, first: 5, after });
      seen.push(...page.edges.map((edge) => edge.node.id));
      await world.post(ann);
      await world.post(viewer);
      await world.untilIdle();
      if (!page.hasNextPage) break;
      after = page.edges.at(-1)!.cursor;
    }
    expect(seen).toEqual(expected);
  });

  it('is right for many readers of a cold feed at once', async () => {
    const authors = newUserIds(4);
    await oldPosts(world, authors, 60);
    const [viewer] = newUserIds(1) as [string];
    for (const author of authors) world.users.follow(viewer, author);
    const expected = (await oracle(world, viewer)).slice(0, 20);
    const pages = await Promise.all(
      Array.from({ length: 25 }, () => world.call(postRpc.homeFeed, { viewerId: viewer })),
    );
    for (const page of pages) expect(page.edges.map((edge) => edge.node.id)).toEqual(expected);
    expect(await isWarm(viewer)).toBe(true);
  });

  it('needs the user service only while it is cold', async () => {
    const [ann] = newUserIds(1) as [string];
    const post = await world.post(ann);
    const viewer = await warmViewer(ann);
    world.users.failure = new AppError('UNAVAILABLE', 'The user service does not answer. Please try again.');
    expect(await world.feed(viewer)).toEqual([post.id]);
    await world.dropFeed(viewer);
    await expect(world.feed(viewer)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    world.users.failure = undefined;
    expect(await world.feed(viewer)).toEqual([post.id]);
  });

  it('takes a post in later that could not be delivered while the user service was away', async () => {
    const [ann] = newUserIds(1) as [string];
    const viewer = await warmViewer(ann);
    world.users.failure = new AppError('UNAVAILABLE', 'away');
    const post = await world.post(ann);
    expect(await world.feed(viewer)).toEqual([]);
    world.users.failure = undefined;
    await eventually(async () => expect(await world.feed(viewer)).toEqual([post.id]));
  });

  it('keeps its order when the service is started again', async () => {
    const [ann] = newUserIds(1) as [string];
    const viewer = await warmViewer(ann);
    await world.post(ann);
    await world.restart();
    await world.post(ann);
    await world.untilIdle();
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
  });
});
