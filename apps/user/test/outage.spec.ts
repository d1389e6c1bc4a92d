import { type Profile, userRpc } from '@fowergram/contracts-user';
import { askOperators, eventually, TcpProxy } from '@fowergram/testing';
import { openWorld, type World } from './world.js';

describe('while the database is away', () => {
  const database = new TcpProxy();
  let world: World;
  let ann: Profile;
  let bo: Profile;
  beforeAll(async () => {
    world = await openWorld({ databaseUrl: (real) => database.to(real) });
    [ann, bo] = (await world.users(2)) as [Profile, Profile];
  });
  afterAll(async () => {
    await database.restore();
    await world?.close();
    await database.cut();
  });

  const everything = () => [
    world.call(userRpc.profilesByIds, { ids: [ann.id] }),
    world.call(userRpc.countsByIds, { ids: [ann.id] }),
    world.call(userRpc.relationships, { viewerId: ann.id, userIds: [bo.id] }),
    world.call(userRpc.followers, { userId: ann.id }),
    world.follow(ann, bo),
    world.call(userRpc.updateProfile, { userId: ann.id, bio: 'x' }),
  ];

  it('everything is UNAVAILABLE in time, alive but not ready, and works again afterwards', async () => {
    await database.cut();
    for (const answer of await Promise.allSettled(everything()))
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    expect((await askOperators(world.app, '/health/live')).statusCode).toBe(200);
    expect((await askOperators(world.app, '/health/ready')).statusCode).toBe(503);

    await database.restore();
    await eventually(() => world.call(userRpc.profilesByIds, { ids: [ann.id] }));
    expect(await world.follow(ann, bo)).toMatchObject({ following: true });
    expect(await world.counts(bo)).toMatchObject({ followerCount: 1 });
  });

  it('a database that says nothing at all is UNAVAILABLE by the deadline', async () => {
    database.silence();
    const startedAt = Date.now();
    const reads = await Promise.allSettled([
      world.call(userRpc.profilesByIds, { ids: [ann.id] }),
      world.call(userRpc.countsByIds, { ids: [ann.id] }),
    ]);
    for (const answer of reads) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    await database.restore();
    await eventually(() => world.call(userRpc.profilesByIds, { ids: [ann.id] }));
  });
});
