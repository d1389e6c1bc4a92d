import { Redis } from 'ioredis';
import { openWorld, type World } from '../../support/world.js';

const PREFIX = 'limit:exists.address.attempts:';

describe('the address of a request that came through trusted proxies', () => {
  let world: World;
  let redis: Redis;

  beforeAll(async () => {
    world = await openWorld({ TRUSTED_PROXIES: '127.0.0.0/8, 192.0.2.0/24, 2001:db8:ffff::/48' });
    redis = new Redis(world.redis.url);
  });
  afterAll(async () => {
    redis?.disconnect();
    await world?.close();
  });
  beforeEach(() => redis.flushall());

  const ask = async (forwardedFor: string): Promise<number> =>
    (
      await fetch(`${world.url}/auth/emailpassword/email/exists?email=a@b.cd`, {
        headers: { 'x-forwarded-for': forwardedFor },
      })
    ).status;
  const counted = async () => (await redis.keys(`${PREFIX}*`)).map((key) => key.slice(PREFIX.length));

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['6.6.6.6, 203.0.113.9', '203.0.113.9'],
    ['6.6.6.6, 203.0.113.9, 192.0.2.7', '203.0.113.9'],
    ['6.6.6.6,203.0.113.9,192.0.2.7,192.0.2.8', '203.0.113.9'],
    ['127.0.0.1, 203.0.113.9', '203.0.113.9'],
    ['192.0.2.7', '192.0.2.7'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:3::4, 2001:db8:ffff::1', '2001:db8:1:2::/64'],
    ['', '127.0.0.1'],
  ])('is read from the header: of "%s", %s counts', async (header, address) => {
    expect(await ask(header)).toBe(200);
    expect(await counted()).toEqual([address]);
  });

  it('is one for a household with many IPv6 addresses', async () => {
    await redis.set(`${PREFIX}2001:db8:1:2::/64`, 28, 'EX', 600);
    const statuses = [
      await ask('2001:db8:1:2::1'),
      await ask('2001:db8:1:2::2'),
      await ask('2001:db8:1:2:ffff:ffff:ffff:ffff'),
      await ask('2001:db8:1:3::1'),
    ];
    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  it('is that of the proxy when it passes on nonsense: no crash, and no fresh key', async () => {
    const nonsense = [
      'unknown',
      '_hidden',
      'null',
      '1.2.3',
      '999.999.999.999',
      '0x7f.1',
      '2130706433',
      '::g',
      '[::1',
      ':80',
      '<script>',
      '%00',
      'x'.repeat(8_000),
      ',,,',
      ' , ',
      'for=1.2.3.4',
    ];
    for (const text of nonsense) expect([text, await ask(text)]).toEqual([text, 200]);
    expect(await counted()).toEqual(['127.0.0.1']);
    for (const text of nonsense) await ask(`203.0.113.9, ${text}, 192.0.2.7`);
    expect((await counted()).sort()).toEqual(expect.arrayContaining(['127.0.0.1', '192.0.2.7']));
    expect((await counted()).length).toBeLessThanOrEqual(3);
  });
});
