import { hasExpired } from '../../src/auth/sessions/tokens.rules.js';
import { RateLimitsService } from '../../src/limits/rate-limits.service.js';
import { freezeTime } from '../support/frozen-time.js';
import { connect } from '../support/socket.js';
import { anAddress, openWorld, type TestUser, type World } from '../support/world.js';

const ME = '{ me { username } }';
const POINTS = 3_000;

describe('Tokens that are over or false', () => {
  let world: World;
  let time: ReturnType<typeof freezeTime>;
  let ann: TestUser;
  let bad: Record<string, string>;

  beforeAll(async () => {
    world = await openWorld();
    time = freezeTime(world);
    ann = await world.signUp();
    const ended = await world.signUp();
    await world.post('/auth/signout', {}, { authorization: `Bearer ${ended.token}` });
    const [header, payload, signature] = ann.token.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const expired = Buffer.from(JSON.stringify({ ...claims, exp: 1 })).toString('base64url');
    bad = {
      'of an ended session': ended.token,
      'with a false signature': `${header}.${payload}.${signature.replace(/./, (letter) => (letter === 'A' ? 'B' : 'A'))}`,
      expired: `${header}.${expired}.${signature}`,
    };
    expect(hasExpired(bad.expired!)).toBe(true);
  });
  afterAll(() => world?.close());

  const ask = async (token: string, address: string) => {
    const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': address };
    const response = await world.post('/graphql', { query: ME }, headers);
    return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
  };
  const use = (address: string, points: number) => {
    const limits = world.app.get(RateLimitsService);
    for (let count = 0; count < points; count++) limits.admitBadToken(address);
  };

  it('are 401 while their address has points, then 429 until there are some again', async () => {
    const address = anAddress();
    use(address, POINTS - Object.keys(bad).length);
    for (const [kind, token] of Object.entries(bad))
      expect([kind, (await ask(token, address)).status]).toEqual([kind, 401]);
    for (const [kind, token] of Object.entries(bad)) {
      const { status, headers, body } = await ask(token, address);
      expect([kind, status, headers.get('retry-after'), headers.get('ratelimit')]).toEqual([
        kind,
        429,
        '1',
        '"bad-tokens-minute-visitor";r=0;t=60',
      ]);
      expect(body).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED', reason: 'BAD_TOKENS' } }] });
    }
    time.pass(1);
    expect((await ask(bad.expired!, address)).status).toBe(401);
  });

  it('take from the same points on sockets', async () => {
    const from = { headers: { 'x-forwarded-for': anAddress() } };
    use(from.headers['x-forwarded-for'], POINTS - 1);
    const codeWith = async (token: string) => (await (await connect(world, { token }, from)).closed).code;
    expect([await codeWith(bad.expired!), await codeWith(bad.expired!)]).toEqual([4401, 1013]);
  });

  it('harm nobody at the address whose token is good, seen before or not, and no visitor', async () => {
    const address = anAddress();
    use(address, POINTS + 1);
    const bo = await world.signUp();
    expect((await ask(bad.expired!, address)).status).toBe(429);
    for (const { token } of [ann, bo, bo]) expect((await ask(token, address)).status).toBe(200);
    const socket = await connect(world, bo, { headers: { 'x-forwarded-for': address } });
    expect((await socket.run(ME)).data).toEqual([{ me: { username: bo.username } }]);
    await socket.close();
    const visitor = await world.gql(
      '{ user(username: "nobody") { id } }',
      {},
      { headers: { 'x-forwarded-for': address } },
    );
    expect(visitor.status).toBe(200);
    const refreshed = await world.post(
      '/auth/session/refresh',
      {},
      { authorization: `Bearer ${ann.refreshToken}`, 'x-forwarded-for': address },
    );
    expect(refreshed.status).toBe(200);
  });

  it('count by address: those of another one are answered as before', async () => {
    use(anAddress(), POINTS + 1);
    expect((await ask(bad.expired!, anAddress())).status).toBe(401);
  });
});
