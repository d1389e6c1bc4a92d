import pg from 'pg';
import { readConfig } from '../src/config.js';
import { insideOnly } from './outside.js';
import { World } from './world.js';

let world: World;
let sold: World;
beforeAll(async () => {
  world = await World.create();
  sold = await World.create({ features: ['mfa', 'account_linking'] });
});
afterAll(async () => {
  await world.drop();
  await sold.drop();
});

const tenant = () => world.get('/public/recipe/multitenancy/tenant/v2');
const putProvider = (config: object, more: object = {}) =>
  world.put('/public/recipe/multitenancy/config/thirdparty', { config, ...more });

describe('the tenant', () => {
  const put = (fields: object) => world.put('/recipe/multitenancy/tenant/v2', { tenantId: 'public', ...fields });

  insideOnly.apps('allows every first factor until some are configured', async () => {
    expect(await tenant()).toEqual({ status: 'OK', tenantId: 'public', thirdParty: { providers: [] }, coreConfig: {} });
    expect(await put({ firstFactors: ['emailpassword'] })).toEqual({ status: 'OK', createdNew: false });
    expect((await tenant()).firstFactors).toEqual(['emailpassword']);
    await put({ firstFactors: [] });
    expect((await tenant()).firstFactors).toEqual([]);
    await put({});
    expect((await tenant()).firstFactors).toEqual([]);
    await put({ firstFactors: null });
    expect(await tenant()).not.toHaveProperty('firstFactors');
  });

  insideOnly.standIn('refuses what makes no sense, and what needs a licence', async () => {
    const refuse = (fields: object) =>
      world.failure('PUT', '/recipe/multitenancy/tenant/v2', { tenantId: 'public', ...fields });
    expect(await refuse({ firstFactors: ['a', 'a'] })).toEqual([
      400,
      'firstFactors input should not contain duplicate values',
    ]);
    expect((await refuse({ requiredSecondaryFactors: [] }))[0]).toBe(400);
    expect((await refuse({ requiredSecondaryFactors: ['totp'] }))[0]).toBe(402);
    expect((await refuse({ coreConfig: { access_token_validity: 1 } }))[0]).toBe(403);
    for (const path of ['tenant/user', 'tenant/user/remove']) {
      const fields = { recipeUserId: 'x' };
      expect((await world.failure('POST', `/public/recipe/multitenancy/${path}`, fields))[0]).toBe(402);
    }
    await sold.put('/recipe/multitenancy/tenant/v2', { tenantId: 'public', requiredSecondaryFactors: ['totp'] });
    expect((await sold.get('/public/recipe/multitenancy/tenant/v2')).requiredSecondaryFactors).toEqual(['totp']);
    expect((await sold.failure('PUT', '/recipe/multitenancy/tenant/v2', { tenantId: 't1' }))[0]).toBe(402);
  });
});

describe('providers', () => {
  const client = { clientId: 'id', clientSecret: 'secret', scope: ['email'] };

  insideOnly.apps(
    'are kept with the tenant, shown with a map however little it says, replaced and removed (row 36)',
    async () => {
      const config = {
        thirdPartyId: ' custom ',
        name: 'Custom',
        clients: [client],
        oidcDiscoveryEndpoint: 'https://issuer.example',
        jwksURI: null,
      };
      expect(await putProvider(config)).toEqual({ status: 'OK', createdNew: true });
      const map = { fromIdTokenPayload: { userId: 'sub' } };
      expect(await putProvider({ thirdPartyId: 'google', clients: [client], userInfoMap: map })).toMatchObject({
        createdNew: true,
      });
      expect(await putProvider({ thirdPartyId: 'custom', name: 'Renamed', clients: [client] })).toEqual({
        status: 'OK',
        createdNew: false,
      });
      const noMap = { fromIdTokenPayload: {}, fromUserInfoAPI: {} };
      const providers = [
        { thirdPartyId: 'custom', name: 'Renamed', clients: [client], userInfoMap: noMap },
        { thirdPartyId: 'google', clients: [client], userInfoMap: { ...map, fromUserInfoAPI: {} } },
      ];
      expect((await tenant()).thirdParty).toEqual({ providers });
      const list = await world.get('/recipe/multitenancy/tenant/list/v2');
      expect(list).toEqual({
        status: 'OK',
        tenants: [{ tenantId: 'public', thirdParty: { providers }, coreConfig: {} }],
      });

      const remove = (thirdPartyId: string) =>
        world.post('/public/recipe/multitenancy/config/thirdparty/remove', { thirdPartyId });
      expect(await remove('custom')).toEqual({ status: 'OK', didConfigExist: true });
      expect(await remove('custom')).toEqual({ status: 'OK', didConfigExist: false });
      expect((await tenant()).thirdParty.providers).toEqual(providers.slice(1));
    },
  );

  insideOnly.apps('that could not work are refused, unless nobody shall look', async () => {
    const refuse = async (config: object) =>
      (await world.failure('PUT', '/public/recipe/multitenancy/config/thirdparty', { config }))[1];
    expect(await refuse({ thirdPartyId: '' })).toBe('Invalid third party config: thirdPartyId cannot be null or empty');
    expect(await refuse({ thirdPartyId: 'x', clients: [client, client] })).toMatch(/Duplicate clientType/);
    const apple = {
      thirdPartyId: 'apple',
      clients: [{ clientId: 'id', additionalConfig: { keyId: 'k', teamId: 't' } }],
    };
    expect(await refuse(apple)).toBe(
      'Invalid third party config: a non empty string value must be specified for privateKey in the additionalConfig for apple provider',
    );
    expect(await putProvider(apple, { skipValidation: true })).toEqual({ status: 'OK', createdNew: true });
  });

  insideOnly.apps('belong to one app', async () => {
    await world.put('/recipe/multitenancy/app/v2', { appId: 'shop' });
    await world.put('/appid-shop/public/recipe/multitenancy/config/thirdparty', {
      config: { thirdPartyId: 'github', clients: [client] },
    });
    const shop = await world.get('/appid-shop/public/recipe/multitenancy/tenant/v2');
    expect(shop.thirdParty.providers.map((provider: { thirdPartyId: string }) => provider.thirdPartyId)).toEqual([
      'github',
    ]);
    expect(JSON.stringify(await tenant())).not.toContain('github');
  });
});

describe('the licence', () => {
  const env = { DATABASE_URL: 'postgres://localhost/x' };

  it('is switched by the environment, for what is really there', () => {
    expect(readConfig(env).features).toEqual([]);
    expect(readConfig({ ...env, FEATURES: 'mfa, account_linking' }).features).toEqual(['mfa', 'account_linking']);
    expect(() => readConfig({ ...env, FEATURES: 'saml' })).toThrow(/FEATURES/);
  });

  insideOnly.standIn('keeps no key as long as nothing is switched on', async () => {
    expect(await world.get('/ee/license')).toEqual({ status: 'NO_LICENSE_KEY_FOUND_ERROR' });
    expect(await world.put('/ee/license', { licenseKey: 'abc' })).toEqual({ status: 'INVALID_LICENSE_KEY_ERROR' });
    expect(await world.put('/ee/license')).toEqual({ status: 'OK' });
    expect((await world.failure('PUT', '/ee/license', { key: 'abc' }))[0]).toBe(400);
    expect(await sold.put('/ee/license', { licenseKey: 'abc' })).toEqual({ status: 'OK' });
    expect(await sold.get('/ee/license')).toEqual({ status: 'OK', licenseKey: 'abc' });
    expect((await sold.call('DELETE', '/ee/license')).body).toEqual({ status: 'OK' });
    expect(await sold.get('/ee/license')).toEqual({ status: 'NO_LICENSE_KEY_FOUND_ERROR' });
  });

  insideOnly.standIn('is reported truthfully to every caller, with what is used of it', async () => {
    expect(await world.get('/ee/featureflag')).toEqual({ status: 'OK', features: [], usageStats: {} });
    const first = await sold.signInWith('a@example.com');
    const other = await sold.signInWith('b@example.com');
    await sold.post('/recipe/accountlinking/user/primary', { recipeUserId: first });
    await sold.post('/recipe/accountlinking/user/link', { recipeUserId: other, primaryUserId: first });
    expect(await sold.get('/ee/featureflag')).toEqual({
      status: 'OK',
      features: ['mfa', 'account_linking'],
      usageStats: {
        mfa: { totalUserCountWithMoreThanOneLoginMethodOrTOTPEnabled: 1 },
        account_linking: { usesAccountLinking: true, totalUserCountWithMoreThanOneLoginMethod: 1 },
      },
    });
  });

  insideOnly.process('for a second factor is one for linking, as in the real core', async () => {
    const mfaOnly = await world.another({ features: ['mfa'] });
    const recipeUserId = await world.signInWith('c@example.com');
    const answer = await world.call('POST', '/recipe/accountlinking/user/primary', { recipeUserId }, {}, mfaOnly);
    expect(answer.body.status).toBe('OK');
    await mfaOnly.close();
  });
});

describe('lifetimes of e-mailed tokens', () => {
  insideOnly.apps('are those of the app', async () => {
    const coreConfig = { password_reset_token_lifetime: 5000, email_verification_token_lifetime: 7000 };
    await world.put('/recipe/multitenancy/app/v2', { appId: 'brief', coreConfig });
    const inApp = (path: string, fields: object) => world.post(`/appid-brief/public/recipe${path}`, fields);
    const { user } = await inApp('/signup', { email: 'a@example.com', password: 'x' });
    const target = { userId: user.id, email: 'a@example.com' };
    const reset = async () => (await inApp('/user/password/reset/token', target)).token as string;
    const emailToken = async () => (await inApp('/user/email/verify/token', target)).token as string;
    const [lateReset, lateEmailToken] = [await reset(), await emailToken()];
    world.later(5001);
    expect((await inApp('/user/password/reset/token/consume', { token: lateReset })).status).toBe(
      'RESET_PASSWORD_INVALID_TOKEN_ERROR',
    );
    expect((await inApp('/user/password/reset/token/consume', { token: await reset() })).status).toBe('OK');
    world.later(2000);
    expect((await inApp('/user/email/verify', { method: 'token', token: lateEmailToken })).status).toBe(
      'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR',
    );
    expect((await inApp('/user/email/verify', { method: 'token', token: await emailToken() })).status).toBe('OK');
  });
});

describe('what is not here', () => {
  insideOnly.standIn('is not found', async () => {
    const paths = [
      '/recipe/oauth/clients/list',
      '/recipe/dashboard/users',
      '/recipe/saml/clients',
      '/user/search/tags',
    ];
    for (const path of paths) expect([path, (await world.call('GET', path)).statusCode]).toEqual([path, 404]);
    expect((await world.call('POST', '/recipe/dashboard/signin')).statusCode).toBe(404);
  });
});

describe('a search', () => {
  const search = async (query: object) =>
    (await world.get('/appid-search/public/users', query)).users.map(
      (user: { emails: string[]; phoneNumbers: string[] }) => user.emails[0] ?? user.phoneNumbers[0],
    );

  insideOnly.apps(
    'finds users by the beginning of an address, its domain, a number or a provider, on one page',
    async () => {
      await world.put('/recipe/multitenancy/app/v2', { appId: 'search' });
      const signIn = (thirdPartyId: string, id: string) =>
        world.post('/appid-search/public/recipe/signinup', {
          thirdPartyId,
          thirdPartyUserId: id,
          email: { id, isVerified: false },
        });
      for (const [provider, email] of [
        ['google', 'ann@one.com'],
        ['github', 'bo@ann.org'],
        ['google', 'cy_d@two.com'],
        ['google', 'cyxd@two.com'],
      ] as const) {
        await signIn(provider, email);
        world.later(10);
      }
      const sent = await world.post('/appid-search/public/recipe/signinup/code', { phoneNumber: '+491511234567' });
      await world.post('/appid-search/public/recipe/signinup/code/consume', {
        preAuthSessionId: sent.preAuthSessionId,
        linkCode: sent.linkCode,
      });

      expect(await search({ email: 'ANN' })).toEqual(['ann@one.com', 'bo@ann.org']);
      expect(await search({ email: 'ann@;two.' })).toEqual(['ann@one.com', 'cy_d@two.com', 'cyxd@two.com']);
      // What looks like a pattern is only text.
      expect(await search({ email: 'cy_d' })).toEqual(['cy_d@two.com']);
      expect(await search({ provider: 'git' })).toEqual(['bo@ann.org']);
      expect(await search({ provider: 'google', email: 'ann' })).toEqual(['ann@one.com']);
      for (const phone of ['+4915', '4915']) expect(await search({ phone })).toEqual(['+491511234567']);
      const page = await world.get('/appid-search/public/users', { email: 'two', limit: '1' });
      expect([page.users.length, page.nextPaginationToken]).toEqual([2, undefined]);
    },
  );
});

describe('a database of an earlier version', () => {
  insideOnly.database('gets what is missing at the next start and keeps what it has', async () => {
    const { userId, email, password } = await world.signUp('early@example.com');
    const client = new pg.Client({ connectionString: world.databaseUrl });
    await client.connect();
    await client.query(
      `drop table totp_used_codes, totp_devices, totp_users, passwordless_codes, passwordless_devices, user_id_mappings,
         tenant_configs, third_party_configs`,
    );
    await client.end();
    await world.restart();
    expect((await world.post('/public/recipe/signin', { email, password })).recipeUserId).toBe(userId);
    expect((await world.post('/public/recipe/signinup/code', { email })).status).toBe('OK');
    expect((await tenant()).status).toBe('OK');
  });
});
