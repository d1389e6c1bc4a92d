import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postRpc } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { askOperators, eventually } from '@fowergram/testing';
import { feedKey } from '../src/feed/feed.keys.js';
import { oracle, readsFrom } from './feed-oracle.js';
import { newUserIds, openWorld, redisIsThere, type World } from './world.js';

describe('the home feed when Redis fails', () => {
  let world: World;
  let [viewer, ann, bo]: [string, string, string] = ['', '', ''];

  beforeAll(async () => {
    world = await openWorld();
  });

  beforeEach(async () => {
    [viewer, ann, bo] = newUserIds(3) as [string, string, string];
    world.users.follow(viewer, ann);
    for (let i = 0; i < 5; i++) await world.post(ann);
    await world.untilIdle();
    await world.feed(viewer);
  });

  afterAll(() => world?.close());

  const ready = async () => (await askOperators(world.app, '/health/ready')).statusCode;

  it('starts and answers without Redis, and uses it when it comes', async () => {
    await world.redis.kill();
    await world.restart();
    expect(await ready()).toBe(200);
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
    await world.redis.revive();
    await redisIsThere(world.app);
    const rebuilt = await readsFrom(world, 'rebuilt');
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
    expect(await readsFrom(world, 'rebuilt')).toBeGreaterThan(rebuilt);
  });

  it('comes from Postgres in the same order while Redis is dead, and from the cache again afterwards', async () => {
    const expected = await world.feed(viewer);
    await world.redis.kill();
    expect(await world.feed(viewer)).toEqual(expected);
    const own = await world.post(viewer);
    const post = await world.post(ann);
    expect(await world.feed(viewer)).toEqual([post.id, own.id, ...expected]);
    expect(await ready()).toBe(200);
    await world.redis.revive();
    await redisIsThere(world.app);
    expect(await world.feed(viewer)).toEqual([post.id, own.id, ...expected]);
    const cached = await readsFrom(world, 'cache');
    await world.feed(viewer);
    expect(await readsFrom(world, 'cache')).toBeGreaterThan(cached);
    await world.untilIdle();
  });

  it('answers in time while Redis hangs', async () => {
    const expected = await oracle(world, viewer);
    await world.redis.client.client('PAUSE', 1_500, 'ALL');
    const startedAt = Date.now();
    expect(await world.feed(viewer)).toEqual(expected);
    expect(Date.now() - startedAt).toBeLessThan(1_500);
    await redisIsThere(world.app);
  });

  it('is invalidated as soon as Redis is back, and shows no unfollowed author meanwhile or afterwards', async () => {
    world.users.follow(viewer, bo);
    const ofBo = await world.post(bo);
    await world.dropFeed(viewer);
    expect(await world.feed(viewer)).toContain(ofBo.id);
    await world.redis.client.client('PAUSE', 600, 'ALL');
    world.users.unfollow(viewer, bo);
    await world.dropFeed(viewer);
    await world.messaging.publish(userEvent.unfollowed, {
      followerId: viewer,
      followeeId: bo,
      version: 9,
      at: new Date().toISOString(),
    });
    const cached = await readsFrom(world, 'cache');
    await eventually(async () => {
      expect(await world.feed(viewer)).not.toContain(ofBo.id);
      return (await readsFrom(world, 'cache')) > cached;
    });
  });

  it('ignores a cached feed that came back from an old snapshot', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fowergram-redis-'));
    try {
      await world.redis.kill();
      await world.redis.revive('--dir', folder);
      await redisIsThere(world.app);
      await world.feed(viewer);
      await world.redis.client.save();
      world.users.follow(viewer, bo);
      await world.dropFeed(viewer);
      await world.post(bo);
      await world.post(ann);
      world.users.unfollow(viewer, bo);
      await world.dropFeed(viewer);
      await world.untilIdle();
      await world.redis.kill();
      await world.redis.revive('--dir', folder);
      await redisIsThere(world.app);
      expect(await world.redis.client.exists(feedKey.following(viewer))).toBe(1);
      expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is right after Redis has dropped one half of it', async () => {
    for (const key of [feedKey.posts(viewer), feedKey.following(viewer)]) {
      await world.redis.client.del(key);
      await world.post(ann);
      await world.untilIdle();
      expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
    }
  });

  it('receives later what was posted while Redis was dead', async () => {
    await world.redis.kill();
    const post = await world.post(ann);
    await world.redis.revive();
    await world.untilIdle();
    expect((await world.feed(viewer))[0]).toBe(post.id);
  });

  it('has every post in order and none twice when Redis was flushed at any moment under posting and reading', async () => {
    const users = newUserIds(6);
    for (const a of users) for (const b of users.slice(0, 3)) if (a !== b) world.users.follow(a, b);
    let posting = true;
    const posters = users.map(async (author) => {
      for (let i = 0; i < 40; i++) {
        const post = await world.post(author);
        if (i % 8 === 7) await world.call(postRpc.delete, { id: post.id, userId: author });
      }
    });
    const done = Promise.all(posters).finally(() => (posting = false));
    const readers = users.map(async (reader) => {
      while (posting) {
        const ids = await world.feed(reader, 15);
        expect(new Set(ids).size).toBe(ids.length);
      }
    });
    const flusher = (async () => {
      while (posting) await world.redis.client.flushall().then(() => world.redis.client.ping());
    })();
    const gentleFlusher = (async () => {
      while (posting) await world.dropFeed(users[0]!).then(() => world.feed(users[0]!));
    })();
    await Promise.all([done, ...readers, flusher, gentleFlusher]);
    await world.untilIdle();
    for (const reader of users) {
      const expected = await oracle(world, reader);
      expect(await world.feed(reader, 50)).toEqual(expected);
      expect(await world.feed(reader, 11)).toEqual(expected);
    }
  });
});
