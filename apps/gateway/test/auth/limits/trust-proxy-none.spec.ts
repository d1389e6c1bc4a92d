import { Redis } from 'ioredis';
import { anAddress, openWorld, type World } from '../../support/world.js';

describe('where a request comes from, without trusted proxies', () => {
  let world: World;
  let redis: Redis;

  beforeAll(async () => {
    world = await openWorld({ TRUSTED_PROXIES: undefined });
    redis = new Redis(world.redis.url);
  });
  afterAll(async () => {
    redis?.disconnect();
    await world?.close();
  });

  it('nobody chooses an address of their own', async () => {
    const statuses = new Set<number>();
    for (let round = 0; round < 35; round++) {
      const from = anAddress();
      const headers = {
        'x-forwarded-for': from,
        'x-real-ip': from,
        forwarded: `for=${from}`,
        'true-client-ip': from,
        'cf-connecting-ip': from,
      };
      statuses.add((await fetch(`${world.url}/auth/emailpassword/email/exists?email=a@b.cd`, { headers })).status);
    }
    expect([...statuses]).toEqual([200, 429]);
    expect(await redis.keys('*')).toEqual(['limit:exists.address.attempts:127.0.0.1']);
  });
});
