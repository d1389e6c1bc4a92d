import { postEvent, postLifeRpc, postRpc } from '@fowergram/contracts-post';
import { eventually } from '@fowergram/testing';
import { feedKey } from '../src/feed/feed.keys.js';
import { FeedRepository } from '../src/feed/feed.repository.js';
import { oldPosts, oracle } from './feed-oracle.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('the home feed during its rebuild', () => {
  let world: World;
  let [viewer, ann, bo]: [string, string, string] = ['', '', ''];

  beforeAll(async () => {
    world = await openWorld();
  });

  beforeEach(async () => {
    [viewer, ann, bo] = newUserIds(3) as [string, string, string];
    world.users.follow(viewer, ann);
    world.users.follow(viewer, bo);
    await world.post(ann);
    await world.post(bo);
    await world.untilIdle();
  });

  afterAll(() => world?.close());

  /** Lets this happen between the answer of Postgres to the next rebuild and what is made of it. */
  function onceThePastIsRead(meanwhile: () => Promise<unknown>): void {
    const feeds = world.app.get(FeedRepository);
    feeds.newest = async (...args) => {
      Reflect.deleteProperty(feeds, 'newest');
      const past = await feeds.newest(...args);
      await meanwhile();
      return past;
    };
  }

  /** Lets this happen between the answer of the user service to the next rebuild and what is made of it. */
  function onceFolloweesAreKnown(meanwhile: () => Promise<unknown>): void {
    world.users.afterFolloweeIds = async () => {
      world.users.afterFolloweeIds = undefined;
      await meanwhile();
    };
  }

  it('has a post that was made and delivered to the followers meanwhile', async () => {
    onceThePastIsRead(async () => {
      await world.post(ann);
      await world.untilIdle();
    });
    await world.feed(viewer);
    expect(await world.redis.client.exists(feedKey.following(viewer))).toBe(1);
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
  });

  it('shows the whole feed to another reader meanwhile', async () => {
    let seen: string[] = [];
    onceThePastIsRead(async () => {
      await world.post(ann);
      await world.untilIdle();
      seen = await world.feed(viewer);
    });
    await world.feed(viewer);
    expect(seen).toEqual(await oracle(world, viewer));
  });

  it.each([
    ['the list of followees was asked for', onceFolloweesAreKnown],
    ['the past was read', onceThePastIsRead],
  ])('shows nobody who was unfollowed after %s', async (_, once) => {
    once(async () => {
      world.users.unfollow(viewer, bo);
      await world.dropFeed(viewer);
    });
    await world.feed(viewer);
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
    await world.post(bo);
    await world.untilIdle();
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
  });

  it.each([
    ['the list of followees was asked for', onceFolloweesAreKnown],
    ['the past was read', onceThePastIsRead],
  ])('is not put together from halves when Redis is flushed after %s', async (_, once) => {
    once(async () => {
      await world.redis.client.flushall();
      await world.post(ann);
      await world.untilIdle();
    });
    expect((await world.feed(viewer)).slice(-2)).toEqual((await oracle(world, viewer)).slice(-2));
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
  });

  it('is right while another one that will never end holds the lease', async () => {
    await world.dropFeed(viewer);
    await world.redis.client.set(feedKey.lease(viewer), 'of a killed process');
    await world.post(ann);
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
    expect(await world.redis.client.exists(feedKey.following(viewer))).toBe(0);
  });

  it('takes a delivery that comes very late only where it leaves no hole', async () => {
    await oldPosts(world, [ann], 520);
    const before = await oracle(world, viewer);
    await world.feed(viewer, 20);
    for (const id of before.slice(2, 8)) await world.call(postRpc.delete, { id, userId: ann });
    await world.feed(viewer, 20);
    const oldest = (await world.call(postRpc.byIds, { ids: [before.at(-1)!], viewerId: null }))[0]!;
    const eventId = await world.messaging.publish(postEvent.created, {
      postId: oldest.id,
      authorId: ann,
      createdAt: oldest.createdAt,
    });
    await eventually(
      async () => (await world.db.query('select from inbox where event_id = $1', [eventId])).length === 1,
    );
    expect(await world.feed(viewer, 20)).toEqual(await oracle(world, viewer));
  });

  it('has a post that comes back while a reader takes it out of the cache', async () => {
    const { id } = await world.post(ann);
    await world.untilIdle();
    await world.feed(viewer);
    const toldOf = async () =>
      (await world.db.query(`select from inbox where consumer = 'post-post-state-changed'`)).length;
    await world.call(postLifeRpc.archive, { id, userId: ann });
    await eventually(async () => (await toldOf()) > 0);
    const before = await toldOf();
    const feeds = world.app.get(FeedRepository);
    feeds.absentAmong = async (ids) => {
      Reflect.deleteProperty(feeds, 'absentAmong');
      const absent = await feeds.absentAmong(ids);
      await world.call(postLifeRpc.unarchive, { id, userId: ann });
      await eventually(async () => (await toldOf()) > before);
      await world.untilIdle();
      return absent;
    };
    await world.feed(viewer);
    expect(Object.hasOwn(feeds, 'absentAmong')).toBe(false);
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
  });

  it('takes an event that is delivered twice once', async () => {
    await world.feed(viewer);
    const post = await world.post(ann);
    const eventId = await world.messaging.publish(postEvent.created, {
      postId: post.id,
      authorId: ann,
      createdAt: post.createdAt,
    });
    await eventually(
      async () => (await world.db.query('select from inbox where event_id = $1', [eventId])).length === 1,
    );
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
  });
});
