import { Redis } from 'ioredis';
import { userRpc } from '@fowergram/contracts-user';
import { eventually } from '@fowergram/testing';
import { PointsCache } from '../../src/limits/points.cache.js';
import { PointsService } from '../../src/limits/points.service.js';
import { rateOf } from '../../src/limits/levels.rules.js';
import { type GatewayProcess, startGateway } from '../support/gateway-process.js';
import { freezeTime } from '../support/frozen-time.js';
import { anAddress, openWorld, type TestUser, type World } from '../support/world.js';

const RENAME = 'mutation { updateProfile(input: { displayName: "Ann" }) { id } }';
/** Nearly as dear as an operation may be, so that two are more than a visitor has. */
const DEAR = `{ user(username: "nobody") { followers(first: 40) { edges { node { followers(first: 40) { edges { node { id } } } } } } } }`;

describe('the counts of request limits', () => {
  let world: World;
  let other: GatewayProcess;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld();
    other = await startGateway(world);
    await world.answer(userRpc.updateProfile, ({ userId }) => world.profiles.get(userId)!);
  });
  beforeEach(async () => {
    ann = await world.signUp();
  });
  afterAll(async () => {
    await other?.stop();
    await world?.close();
  });

  const renameAt = (url: string) => send(url, RENAME, { authorization: `Bearer ${ann.token}` });
  const send = async (url: string, query: string, headers: Record<string, string>) =>
    (
      await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      })
    ).status;
  const inTurn = async <T>(count: number, work: () => Promise<T>): Promise<T[]> => {
    const results: T[] = [];
    for (let index = 0; index < count; index++) results.push(await work());
    return results;
  };
  const statuses = (accepted: number, refused: number) => [
    ...Array<number>(accepted).fill(200),
    ...Array<number>(refused).fill(429),
  ];

  it('are those of all gateways: what changes something is counted at once', async () => {
    expect(await inTurn(6, () => renameAt(world.url))).toEqual(statuses(6, 0));
    expect(await inTurn(6, () => renameAt(other.url))).toEqual(statuses(4, 2));
    expect(await renameAt(world.url)).toBe(429);
  });

  it('are those of all gateways: what is read is counted a little later', async () => {
    const from = { 'x-forwarded-for': anAddress() };
    expect(await inTurn(2, () => send(world.url, DEAR, from))).toEqual(statuses(2, 0));
    let looks = 0;
    await eventually(async () => {
      looks++;
      return (await send(other.url, '{ __typename }', from)) === 429;
    });
    // By itself the other gateway would let six hundred of these through.
    expect(looks).toBeLessThan(300);
  });

  it('stay in Redis for no longer than points take to come back, and name nobody', async () => {
    await send(world.url, '{ __typename }', { 'x-forwarded-for': anAddress() });
    await renameAt(world.url);
    const redis = new Redis(world.redis.url);
    // The attempts to sign in are named limit:<action>.…, with the address that they come from.
    const keysOfRequests = async () => (await redis.keys('limit:*')).filter((key) => !key.includes('.'));
    await eventually(async () => (await keysOfRequests()).length > 3);
    const keys = await keysOfRequests();
    const ttls = await Promise.all(keys.map((key) => redis.pttl(key)));
    redis.disconnect();
    // One that has expired meanwhile is -2; -1 would be one that never does.
    expect(ttls.filter((ttl) => ttl === -1 || ttl > 86_400_000)).toEqual([]);
    expect(keys.filter((key) => !/^limit:\{points\}:[\w-]{43}$/.test(key))).toEqual([]);
  });

  it('go to Redis in one call for all that comes together, and not at all for what is refused anyway', async () => {
    const cache = world.app.get(PointsCache);
    const fill = cache.fill.bind(cache);
    const calls: number[] = [];
    cache.fill = (now, groups) => {
      if (groups[0]!.asks) calls.push(groups.length);
      return fill(now, groups);
    };
    const points = world.app.get(PointsService);
    const level = points.level('test', { ...rateOf(5, 60), bucket: 'likes', per: 'user', name: 'test', policy: '' });
    const answers = await Promise.all(Array.from({ length: 7 }, () => points.take([{ level, points: 1 }])));
    expect(answers.filter(Boolean)).toHaveLength(2);
    expect(calls).toEqual([7]);
    await points.take([{ level, points: 1 }]);
    expect(calls).toEqual([7]);
    Reflect.deleteProperty(cache, 'fill');
  });

  it('are of a bounded number of users and addresses', () => {
    const points = world.app.get(PointsService);
    const limit = { ...rateOf(5, 60), bucket: 'reads' as const, per: 'visitor' as const, name: 'test', policy: '' };
    for (let index = 0; index < 50_000; index++)
      points.takeLocally([{ level: points.level(`test:${index}`, limit), points: 1 }]);
    expect(points.size).toEqual({ known: 20_000, unshared: 20_000 });
  });

  describe('without Redis', () => {
    it('go on in each gateway, for changes as for reads, and nobody waits for a Redis that hangs', async () => {
      freezeTime(world);
      const cache = world.app.get(PointsCache);
      const fill = cache.fill.bind(cache);
      let calls = 0;
      cache.fill = (now, groups) => {
        calls++;
        return fill(now, groups);
      };
      const control = new Redis(world.redis.url);
      await control.client('PAUSE', 60_000, 'WRITE');
      expect(await inTurn(12, () => renameAt(world.url))).toEqual(statuses(10, 2));
      expect(await send(world.url, '{ __typename }', {})).toBe(200);
      await control.client('UNPAUSE');
      control.disconnect();
      // One that found it out, and a few that looked again a second later on a machine that is slow.
      expect(calls).toBeLessThan(8);
      Reflect.deleteProperty(cache, 'fill');
    });

    it('are shared with the others when it is back', async () => {
      const control = new Redis(world.redis.url);
      await control.client('PAUSE', 60_000, 'WRITE');
      expect(await inTurn(10, () => renameAt(world.url))).toEqual(statuses(10, 0));
      await control.client('UNPAUSE');
      control.disconnect();
      await eventually(async () => (await renameAt(other.url)) === 429);
    });

    it('go on when it is gone', async () => {
      await world.redis.stop();
      expect(await inTurn(12, () => renameAt(world.url))).toEqual(statuses(10, 2));
      expect(await inTurn(12, () => renameAt(other.url))).toEqual(statuses(10, 2));
      expect(await send(other.url, '{ __typename }', {})).toBe(200);
    });
  });
});
