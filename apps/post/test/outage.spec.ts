import { postRpc } from '@fowergram/contracts-post';
import { askOperators, eventually, TcpProxy } from '@fowergram/testing';
import { newUserIds, openWorld, type World } from './world.js';

describe('the post service while the database is down', () => {
  const database = new TcpProxy();
  let world: World;
  const [ann, viewer] = newUserIds(2) as [string, string];

  beforeAll(async () => {
    world = await openWorld({ databaseUrl: (real) => database.to(real) });
    world.users.follow(viewer, ann);
  });

  afterAll(async () => {
    await world?.close();
    await database.cut();
  });

  it('answers reads and writes with UNAVAILABLE in time, leaves nothing half done, and works again afterwards', async () => {
    const post = await world.post(ann);
    const before = await world.feed(viewer);
    await database.cut();
    const startedAt = Date.now();
    const attempts = await Promise.allSettled([
      world.post(ann),
      world.call(postRpc.like, { postId: post.id, userId: viewer }),
      world.call(postRpc.createComment, { postId: post.id, authorId: viewer, text: 'hi' }),
      world.call(postRpc.byIds, { ids: [post.id], viewerId: viewer }),
      world.call(postRpc.homeFeed, { viewerId: viewer }),
    ]);
    for (const attempt of attempts)
      expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    expect((await askOperators(world.app, '/health/ready')).statusCode).toBe(503);
    expect((await askOperators(world.app, '/health/live')).statusCode).toBe(200);
    await database.restore();
    await eventually(async () => expect(await world.feed(viewer)).toEqual(before));
    expect(await world.call(postRpc.byIds, { ids: [post.id], viewerId: viewer })).toEqual([post]);
  });
});
