import { type Program, redisUsersFile, startProgram, testVariable } from '@fowergram/testing';
import { openAccounts } from '../../support/accounts.js';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.js';
import { connect } from '../../support/socket.js';
import { openWorld, type TestUser, type World } from '../../support/world.js';

const ME = JSON.stringify({ query: '{ me { username } }' });

describe('while Redis is away', () => {
  let world: World;
  let redis: Program | undefined;
  const others: GatewayProcess[] = [];

  beforeAll(async () => {
    world = await openWorld();
    await openAccounts(world);
  });
  afterAll(async () => {
    await Promise.all(others.map((other) => other.stop()));
    await world?.close();
    await redis?.stop();
  });

  const statusOf = async ({ token }: TestUser, { url }: { url: string } = world): Promise<number> =>
    (
      await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: ME,
      })
    ).status;
  const signOut = async ({ token }: TestUser): Promise<number> =>
    (await world.post('/auth/signout', {}, { authorization: `Bearer ${token}` })).status;
  const start = async (): Promise<GatewayProcess> => {
    const other = await startGateway(world);
    others.push(other);
    return other;
  };

  it('sessions go on and end, here and elsewhere, and a process that starts then knows of it, before and after Redis is back', async () => {
    const [ann, bo] = [await world.signUp(), await world.signUp()];
    const elsewhere = await start();
    expect([await statusOf(ann, elsewhere), await statusOf(bo, elsewhere)]).toEqual([200, 200]);
    const socket = await connect(elsewhere, ann);
    await world.redis.stop();

    expect(await signOut(ann)).toBe(200);
    expect((await socket.closed).code).toBe(4401);
    expect([
      await statusOf(ann),
      await statusOf(ann, elsewhere),
      await statusOf(bo),
      await statusOf(bo, elsewhere),
    ]).toEqual([401, 401, 200, 200]);

    const started = await start();
    expect([await statusOf(ann, started), await statusOf(bo, started)]).toEqual([401, 200]);
    redis = startProgram(testVariable('REDIS_SERVER'), [
      '--port',
      new URL(world.redis.url).port,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--aclfile',
      redisUsersFile(),
    ]);
    const late = await start();
    expect([await statusOf(ann, late), await statusOf(bo, late)]).toEqual([401, 200]);
  }, 120_000);
});
