import { readConfig } from '../src/config.js';
import { insideOnly, outsideCore, unlicensed } from './outside.js';
import { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.drop());

const whereKeyed = outsideCore() && !outsideCore()!.apiKey ? it.skip : it;

/** A body without a type, with a newline at its end. */
async function putRole(path: string) {
  const url = path.startsWith('/appid-') ? path : `${world.prefix}${path}`;
  const headers = { 'api-key': world.apiKey ?? '' };
  return (
    await world.coreClient.send({ method: 'PUT', url, headers, body: `${JSON.stringify({ role: 'moderator' })}\n` })
  ).body;
}

describe('the coreClient', () => {
  it('speaks version 5.4', async () => {
    expect((await world.get('/apiversion', { apiDomain: 'x', websiteDomain: 'y' })).versions).toContain('5.4');
  });

  insideOnly.standIn('speaks no other version', async () => {
    expect(await world.get('/apiversion')).toEqual({ versions: ['5.4'] });
    const answer = await world.call('GET', '/apiversion', {}, { 'cdi-version': '2.7' });
    expect([answer.statusCode, answer.text]).toEqual([400, 'cdi-version 2.7 not supported\n']);
  });

  it('greets anybody, in text', async () => {
    for (const path of ['/', '/hello', '/appid-public/hello']) {
      const answer = await world.call('GET', path, {}, { 'api-key': '' });
      expect([answer.statusCode, answer.text]).toEqual([200, 'Hello\n']);
      expect(answer.headers['content-type']).toMatch(/^text\/html; ?charset=utf-8$/i);
    }
  });

  whereKeyed('asks for an API key, in either header', async () => {
    const refused = await world.call('GET', '/apiversion', {}, { 'api-key': 'wrong' });
    expect([refused.statusCode, refused.text]).toEqual([401, 'Invalid API key\n']);
    expect(refused.headers['content-type']).toMatch(/^text\/html; ?charset=utf-8$/i);
    for (const authorization of [world.apiKey!, `Bearer ${world.apiKey}`]) {
      const answer = await world.coreClient.send({
        method: 'GET',
        url: `${world.prefix}/apiversion`,
        headers: { authorization },
      });
      expect(answer.statusCode).toBe(200);
    }
  });

  insideOnly.process('takes any of several keys, and the rest for strangers', async () => {
    const keys = ['first-key-of-the-auth-core', 'second-key-of-the-auth-core'];
    const coreClient = await world.another({ apiKeys: keys });
    const statuses = [];
    for (const key of [...keys, keys.join(','), '', world.apiKey!]) {
      statuses.push((await world.call('GET', '/users/count', {}, { 'api-key': key }, coreClient)).statusCode);
    }
    await coreClient.close();
    expect(statuses).toEqual([200, 200, 401, 401, 401]);
  });

  it('does not mind upper case, a tenant or none, and a body of unknown type', async () => {
    for (const path of [
      '/recipe/role',
      '/public/recipe/role',
      '/PUBLIC/Recipe/ROLE',
      '/appid-public/public/recipe/role',
    ]) {
      expect(await putRole(path)).toMatchObject({ status: 'OK' });
    }
  });

  insideOnly.standIn('does not mind a slash at the end, nor an app without a name', async () => {
    expect(await putRole('/recipe/role/')).toMatchObject({ status: 'OK' });
    expect((await world.call('GET', '/appid-/hello')).text).toBe('Hello\n');
  });

  it('names the field that is wrong', async () => {
    const texts = await Promise.all([
      world.call('POST', '/public/recipe/signup', { email: 'a@b.c' }),
      world.call('POST', '/public/recipe/signup', { email: 5, password: 'x' }),
      world.call('GET', '/user/id'),
      world.call('GET', '/public/users/by-accountinfo', { email: 'a@b.c' }),
    ]);
    expect(texts.map((answer) => [answer.statusCode, answer.text])).toEqual([
      [400, "Field name 'password' is invalid in JSON input\n"],
      [400, "Field name 'email' is invalid in JSON input\n"],
      [400, "Field name 'userId' is missing in GET request\n"],
      [400, "Field name 'doUnionOfAccountInfo' is missing in GET request\n"],
    ]);
  });

  it('takes an object of JSON and nothing else', async () => {
    const headers = { 'api-key': world.apiKey ?? '', 'content-type': 'application/json' };
    for (const body of ['{"email":', '[]', 'null', '"text"', '', undefined]) {
      const answer = await world.coreClient.send({
        method: 'POST',
        url: `${world.prefix}/public/recipe/signin`,
        headers,
        body,
      });
      expect([body, answer.statusCode, answer.text]).toEqual([body, 400, 'Invalid Json Input\n']);
    }
  });

  insideOnly.standIn('refuses what Postgres could not keep', async () => {
    const answer = await world.failure('POST', '/public/recipe/signup', { email: 'nul\0@b.c', password: 'x' });
    expect(answer).toEqual([400, "Field name 'email' is invalid in JSON input"]);
  });

  it('distinguishes an unknown path from a wrong method', async () => {
    expect((await world.call('GET', '/recipe/nothing')).statusCode).toBe(404);
    expect((await world.call('DELETE', '/recipe/signup')).statusCode).toBe(405);
  });
});

describe('what needs a licence', () => {
  unlicensed('is refused with the words of the real core, and the probe lists nothing', async () => {
    const userId = await world.signInWith(world.email());
    const texts = await Promise.all([
      world.call('POST', '/recipe/totp/device', { userId, skew: 1, period: 30 }),
      world.call('POST', '/public/recipe/totp/verify', { userId, totp: '000000' }),
      world.call('POST', '/recipe/accountlinking/user/primary', { recipeUserId: userId }),
      world.call('PUT', '/recipe/multitenancy/tenant/v2', { tenantId: 't1' }),
    ]);
    expect(texts.map((answer) => answer.statusCode)).toEqual([402, 402, 402, 402]);
    expect(texts[0]!.text).toMatch(/^MFA feature is not enabled\. Please subscribe to a SuperTokens core license key/);
    expect(texts[2]!.text).toMatch(/^Account linking feature is not enabled for this app/);
    expect(texts[3]!.text).toMatch(/^Cannot use feature: multi_tenancy/);
    expect(await world.get('/ee/featureflag')).toEqual({ status: 'OK', features: [], usageStats: expect.any(Object) });
  });
});

describe('apps', () => {
  insideOnly.apps('keep users, sessions and keys apart, and vanish with all of them', async () => {
    expect(await world.put('/recipe/multitenancy/app/v2', { appId: 'One' })).toEqual({
      status: 'OK',
      createdNew: true,
    });
    expect(await world.put('/recipe/multitenancy/app/v2', { appId: 'one' })).toEqual({
      status: 'OK',
      createdNew: false,
    });
    const account = { email: 'ann@example.com', password: 'correct horse 1' };
    expect((await world.post('/public/recipe/signup', account)).status).toBe('OK');
    expect((await world.post('/appid-one/public/recipe/signup', account)).status).toBe('OK');
    const fields = { userId: 'ann', userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false };
    const { refreshToken } = await world.post('/appid-one/public/recipe/session', fields);
    expect((await world.refresh(refreshToken.token)).status).toBe('UNAUTHORISED');
    const keys = await world.get('/appid-one/.well-known/jwks.json');
    expect(keys.keys[0].n).not.toBe((await world.get('/.well-known/jwks.json')).keys[0].n);

    expect(await world.post('/recipe/multitenancy/app/remove', { appId: 'one' })).toEqual({
      status: 'OK',
      didExist: true,
    });
    expect((await world.call('GET', '/appid-one/users/count')).statusCode).toBe(400);
    await world.put('/recipe/multitenancy/app/v2', { appId: 'one' });
    expect(await world.get('/appid-one/users/count')).toEqual({ status: 'OK', count: 0 });
    expect((await world.get('/appid-one/.well-known/jwks.json')).keys[0].n).not.toBe(keys.keys[0].n);
  });

  insideOnly.apps('may have lifetimes of their own, under the names of the real core', async () => {
    await world.put('/recipe/multitenancy/app/v2', { appId: 'short', coreConfig: { access_token_validity: 10 } });
    const fields = { userId: 'ann', userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false };
    const { accessToken } = await world.post('/appid-short/public/recipe/session', fields);
    expect(accessToken.expiry - accessToken.createdTime).toBe(10_000);
    const answer = await world.call('PUT', '/recipe/multitenancy/app/v2', { appId: 'x', coreConfig: { nonsense: 1 } });
    expect([answer.statusCode, answer.text]).toEqual([400, 'Invalid core config: nonsense\n']);
  });

  it('that are unknown are named with the tenant that was asked for, once the fields were read (row 26)', async () => {
    const unknown = [
      ['/appid-nope/users/count', 'public'],
      ['/appid-nope/t1/users/count', 't1'],
    ] as const;
    for (const [path, tenantId] of unknown) {
      const { statusCode, text } = await world.call('GET', path);
      expect([statusCode, text]).toEqual([
        400,
        `AppId or tenantId not found => Tenant with the following connectionURIDomain, appId and tenantId combination not found: (, nope, ${tenantId})\n`,
      ]);
    }
    const missing = "Field name 'userId' is missing in GET request";
    expect(await world.failure('GET', '/appid-nope/user/id')).toEqual([400, missing]);
    expect((await world.failure('GET', '/appid-nope/user/id', { userId: 'x' }))[1]).toContain('(, nope, public)');
    const signUp = { email: world.email(), password: 'x' };
    expect((await world.failure('POST', '/appid-nope/public/recipe/signup', signUp))[1]).toContain('(, nope, public)');
  });

  it('that are unknown are a bad request, an unknown tenant too, except where its existence is the question', async () => {
    const answers = [await world.call('GET', '/appid-nope/users/count'), await world.call('GET', '/t1/users/count')];
    expect(answers.map((answer) => [answer.statusCode, answer.text])).toEqual([
      [400, expect.stringMatching(/^AppId or tenantId not found => .*\(, nope, public\)\n$/)],
      [400, expect.stringMatching(/^AppId or tenantId not found => .*\(, [a-z0-9-]+, t1\)\n$/)],
    ]);
    expect(await world.get('/t1/recipe/multitenancy/tenant/v2')).toEqual({ status: 'TENANT_NOT_FOUND_ERROR' });
    const tenant = { tenantId: 'public', thirdParty: { providers: expect.any(Array) }, coreConfig: {} };
    expect(await world.get('/public/recipe/multitenancy/tenant/v2')).toEqual({ status: 'OK', ...tenant });
    const { status, tenants } = await world.get('/recipe/multitenancy/tenant/list/v2');
    expect([status, tenants]).toEqual(['OK', expect.arrayContaining([tenant])]);
  });
});

describe('the configuration', () => {
  const apiKey = 'key-for-the-tests-of-auth-core';
  const env = { DATABASE_URL: 'postgres://localhost/x', API_KEYS: `${apiKey},${apiKey}2` };

  it('listens on loopback only and never in production', () => {
    expect(readConfig(env)).toMatchObject({ host: '127.0.0.1', port: 3567, apiKeys: [apiKey, `${apiKey}2`] });
    expect(() => readConfig({ ...env, HOST: '0.0.0.0' })).toThrow(/HOST: must be a loopback address/);
    expect(() => readConfig({ ...env, NODE_ENV: 'production' })).toThrow(/refuses to run in production/);
    expect(() => readConfig({ ...env, ENVIRONMENT: 'production' })).toThrow(/refuses to run in production/);
  });

  it('reports every wrong variable in one message', () => {
    expect(() => readConfig({ PORT: 'x', API_KEYS: 'short' })).toThrow(/PORT[\s\S]*DATABASE_URL[\s\S]*API_KEYS/);
  });
});
