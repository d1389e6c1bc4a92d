import { Redis } from 'ioredis';
import { services, startStores, type Stores } from '../src/credentials/stores.js';

/** One key of each kind that a service has, as its code writes it. */
const keys: Record<string, string[]> = {
  gateway: ['gateway:anything', 'limit:sign-in.account.failures:a', 'known-address:a:b'],
  post: ['post:fan-out:wait', 'feed:{a}:posts'],
  media: ['media:process-picture:wait'],
};
const users = Object.keys(keys);
const forbidden = [
  'FLUSHALL',
  'FLUSHDB',
  'KEYS *',
  'SCAN 0',
  'RANDOMKEY',
  'DBSIZE',
  'SWAPDB 0 1',
  'CONFIG GET *',
  'CONFIG SET requirepass x',
  'ACL LIST',
  'ACL SETUSER eve on nopass',
  'MONITOR',
  'SUBSCRIBE __keyspace@0__:x',
  'PUBLISH x y',
  'CLIENT LIST',
  'CLIENT KILL TYPE normal',
  'CLIENT TRACKING on BCAST',
  'SHUTDOWN NOSAVE',
  'REPLICAOF 127.0.0.1 1',
  'SAVE',
  'SCRIPT FLUSH',
  'SCRIPT KILL',
  'FUNCTION FLUSH',
  'SLOWLOG GET',
  'MIGRATE 127.0.0.1 1 a 0 1',
];

describe.each(users)('With the Redis credentials of %s', (service) => {
  let stores: Stores;
  let redis: Redis;

  beforeAll(async () => {
    stores = await shared();
    redis = new Redis(stores.stack.urlsOf(service)['REDIS_URL']!, { retryStrategy: null });
  }, 60_000);
  afterAll(() => redis?.disconnect());

  it('one reads and writes the keys of the service', async () => {
    for (const key of keys[service]!) {
      expect(await redis.set(key, '1', 'PX', 60_000)).toBe('OK');
      expect(await redis.get(key)).toBe('1');
    }
  });

  it('one neither reads nor writes a key of another, by a command, a copy or a script', async () => {
    const [mine] = keys[service]!;
    for (const key of [...users.filter((name) => name !== service).flatMap((name) => keys[name]!), 'unknown']) {
      await expect(redis.get(key)).rejects.toThrow(/NOPERM/);
      await expect(redis.set(key, '2')).rejects.toThrow(/NOPERM/);
      await expect(redis.copy(key, mine!)).rejects.toThrow(/NOPERM/);
      await expect(redis.eval("return redis.call('get', KEYS[1])", 1, key)).rejects.toThrow(/NOPERM|can't access/);
      await expect(redis.eval(`return redis.call('get', '${key}')`, 0)).rejects.toThrow(/NOPERM|can't access/);
    }
  });

  it.each(forbidden)('one may not %s', async (command) => {
    const [name, ...args] = command.split(' ') as [string, ...string[]];
    await expect(redis.call(name, ...args)).rejects.toThrow(/NOPERM/);
  });
});

describe('Redis', () => {
  it('is given to the services that use it, and to no others', async () => {
    const { stack } = await shared();
    const addresses = services.map((service) => new URL(stack.redis.urlOf(service)).password !== 'undefined');
    expect(services.filter((_, index) => addresses[index]).sort()).toEqual([...users].sort());
  });

  it('answers nobody without a name or with a wrong password', async () => {
    const { host } = new URL((await shared()).stack.redis.url);
    for (const credentials of ['', 'media:wrong@', ':wrong@']) {
      const redis = new Redis(`redis://${credentials}${host}`, { retryStrategy: null, enableReadyCheck: false });
      redis.on('error', () => undefined);
      await expect(redis.get('media:x')).rejects.toThrow(/NOAUTH|WRONGPASS/);
      redis.disconnect();
    }
  });
});

let stores: Promise<Stores> | undefined;
const shared = (): Promise<Stores> => (stores ??= startStores());
afterAll(async () => (await stores)?.stop());
