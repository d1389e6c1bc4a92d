import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { defaultSettings } from '../src/core-config.js';
import { insideOnly } from './outside.js';
import { World } from './world.js';

const { signingKeyIntervalMs, accessTokenValidityMs } = defaultSettings;
const minute = 60_000;

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.drop());

const published = () => world.get('/.well-known/jwks.json');
const publishedKids = async () => (await published()).keys.map((key: { kid: string }) => key.kid) as string[];
const signingKid = async () => decodeProtectedHeader((await world.newSession()).accessToken.token).kid!;

describe('keys', () => {
  it('are published without an API key, dynamic before static', async () => {
    const answer = await world.call('GET', '/.well-known/jwks.json', {}, { 'api-key': 'wrong' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toMatch(/^max-age=\d+, must-revalidate$/);
    for (const key of answer.body.keys) {
      expect(key).toEqual({
        kty: 'RSA',
        kid: expect.any(String),
        n: expect.any(String),
        e: 'AQAB',
        alg: 'RS256',
        use: 'sig',
      });
    }
    const kinds = answer.body.keys.map((key: { kid: string }) => key.kid.slice(0, 2)).join('');
    expect(kinds).toMatch(/^(d-)+(s-)+$/);
  });

  insideOnly.clock('are two at first, and the list may be kept until the next one is made', async () => {
    const answer = await world.call('GET', '/.well-known/jwks.json', {}, { 'api-key': 'wrong' });
    expect(answer.statusCode).toBe(200);
    expect(answer.body.keys).toEqual([
      { kty: 'RSA', kid: expect.stringMatching(/^d-\d+$/), n: expect.any(String), e: 'AQAB', alg: 'RS256', use: 'sig' },
      { kty: 'RSA', kid: expect.stringMatching(/^s-/), n: expect.any(String), e: 'AQAB', alg: 'RS256', use: 'sig' },
    ]);
    const maxAge = /^max-age=(\d+), must-revalidate$/.exec(String(answer.headers['cache-control']))?.[1];
    expect(Number(maxAge) * 1000).toBeLessThanOrEqual(signingKeyIntervalMs - minute);
    expect(Number(maxAge) * 1000).toBeGreaterThan(signingKeyIntervalMs - 2 * minute);
    // Never longer than the overlap once a key is due: whoever keeps it sees the new key before that one signs.
    world.later(signingKeyIntervalMs - minute - 10_000);
    const late = await world.call('GET', '/.well-known/jwks.json');
    expect(late.headers['cache-control']).toBe('max-age=60, must-revalidate');
  });

  insideOnly.clock('roll over with a minute in which the new one is known but does not sign yet', async () => {
    const old = await signingKid();
    world.later(signingKeyIntervalMs - minute - 5000);
    expect(await publishedKids()).toHaveLength(2);

    world.later(6000);
    const [fresh, ...others] = await publishedKids();
    expect(fresh).not.toBe(old);
    expect(others).toContain(old);
    expect(await signingKid()).toBe(old);

    world.later(minute);
    expect(await signingKid()).toBe(fresh);
  });

  insideOnly.clock('verify what they signed for as long as it is valid, and are then removed', async () => {
    const old = await signingKid();
    world.later(signingKeyIntervalMs - 30_000);
    const { accessToken } = await world.newSession();
    expect(decodeProtectedHeader(accessToken.token).kid).toBe(old);
    world.later(0.9 * accessTokenValidityMs);
    expect((await world.verify(accessToken.token)).status).toBe('OK');
    const forgottenAt = Number(old.slice(2)) + signingKeyIntervalMs + 2 * accessTokenValidityMs;
    world.later(forgottenAt - world.now() - 5000);
    expect(await publishedKids()).toContain(old);
    world.later(5000);
    expect(await publishedKids()).not.toContain(old);
  });

  insideOnly.clock(
    'do not sign with a key that would be removed before its tokens end, after a long silence',
    async () => {
      const old = await signingKid();
      world.later(signingKeyIntervalMs + 1.5 * accessTokenValidityMs);
      expect(await signingKid()).not.toBe(old);
    },
  );

  insideOnly.process('are made once by processes that start and roll over together', async () => {
    const second = await world.another();
    world.later(signingKeyIntervalMs);
    const coreClients = [world.coreClient, second, world.coreClient, second];
    const answers = await Promise.all(
      coreClients.map((coreClient) => world.call('GET', '/.well-known/jwks.json', {}, {}, coreClient)),
    );
    await second.close();
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(answers[0]!.body.keys).toHaveLength(3);
  });
});

describe('a key of another process', () => {
  insideOnly.process('whose clock goes ahead is looked up before its tokens are refused', async () => {
    const ahead = await world.another({ now: () => world.now() + 150_000 });
    await world.newSession();
    world.later(signingKeyIntervalMs - 200_000);
    await world.call('GET', '/.well-known/jwks.json', {}, {}, ahead);
    world.later(65_000);
    const fields = { userId: 'ann', userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false };
    const { accessToken } = (await world.call('POST', '/public/recipe/session', fields, {}, ahead)).body;
    await ahead.close();
    expect(decodeProtectedHeader(accessToken.token).kid).not.toBe(await signingKid());
    expect((await world.verify(accessToken.token)).status).toBe('OK');
  });
});

describe('the JWT recipe', () => {
  const fields = { payload: { plan: 'paid' }, validity: 60, algorithm: 'RS256', jwksDomain: 'http://api.example' };

  it('signs with the static key by default, without a version', async () => {
    const { jwt } = await world.post('/recipe/jwt', fields);
    const { payload, protectedHeader } = await jwtVerify(jwt, createLocalJWKSet(await published()));
    expect(payload).toMatchObject({ plan: 'paid', iss: 'http://api.example' });
    expect(payload.exp! - payload.iat!).toBe(60);
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.stringMatching(/^s-/) });
    const dynamic = await world.post('/recipe/jwt', { ...fields, useStaticSigningKey: false });
    expect(decodeProtectedHeader(dynamic.jwt).kid).toMatch(/^d-/);
  });

  it('refuses another algorithm, no validity and a payload that is no object', async () => {
    expect(await world.post('/recipe/jwt', { ...fields, algorithm: 'HS256' })).toEqual({
      status: 'UNSUPPORTED_ALGORITHM_ERROR',
    });
    for (const wrong of [{ validity: 0 }, { payload: 'text' }, { payload: [] }]) {
      expect((await world.call('POST', '/recipe/jwt', { ...fields, ...wrong })).statusCode).toBe(400);
    }
  });
});
