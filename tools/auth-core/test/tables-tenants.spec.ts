import { decodeJwt, decodeProtectedHeader } from 'jose';
import { insideOnly } from './outside.js';
import { expectText, refusesWrongFields, type Row } from './table.js';
import { World } from './world.js';

/** The tenant, apps, user-id mapping, signed tokens and passwordless, field by field. */
let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.drop());

const token = { payload: {}, validity: 60, algorithm: 'RS256', jwksDomain: 'http://api.example' };

refusesWrongFields(
  () => world,
  [
    { request: 'PUT /public/recipe/multitenancy/config/thirdparty', fields: { config: {} } },
    { request: 'POST /public/recipe/multitenancy/config/thirdparty/remove', fields: { thirdPartyId: 'x' } },
    { request: 'POST /recipe/jwt', fields: token, optional: { useStaticSigningKey: true } },
    {
      request: 'POST /recipe/userid/map',
      fields: { superTokensUserId: 'x', externalUserId: 'y' },
      optional: { force: true },
    },
    { request: 'GET /recipe/userid/map', fields: { userId: 'x' } },
    {
      request: 'POST /recipe/userid/map/remove',
      fields: { userId: 'x' },
      optional: { userIdType: 'ANY', force: true },
    },
    {
      request: 'POST /public/recipe/signinup/code',
      fields: {},
      optional: { email: 'x@example.com', phoneNumber: '+491511234567', deviceId: 'x' },
    },
    {
      request: 'POST /public/recipe/signinup/code/consume',
      fields: { preAuthSessionId: 'x' },
      optional: { linkCode: 'x' },
    },
    {
      request: 'POST /public/recipe/signinup/code/check',
      fields: { preAuthSessionId: 'x' },
      optional: { linkCode: 'x' },
    },
  ],
);

describe('the tenant', () => {
  it('is the same with and without its name, and another is not found', async () => {
    const tenant = await world.get('/public/recipe/multitenancy/tenant/v2');
    expect(Object.keys(tenant).sort()).toEqual(['coreConfig', 'status', 'tenantId', 'thirdParty']);
    expect(await world.get('/recipe/multitenancy/tenant/v2')).toEqual(tenant);
    expect(await world.get('/t1/recipe/multitenancy/tenant/v2')).toEqual({ status: 'TENANT_NOT_FOUND_ERROR' });
  });
});

const names = 'can only contain letters, numbers and hyphens';

describe('a tenant that is put or removed', () => {
  insideOnly.apps('is the public one unless it is named, and its name can stand in a path (row 35)', async () => {
    expect(await world.put('/recipe/multitenancy/tenant/v2', {})).toEqual({ status: 'OK', createdNew: false });
    for (const [tenantId, text] of [
      ['A B', `tenantId ${names}`],
      [' ', 'tenantId should not be an empty String'],
      ['appid-x', "tenantId must not start with 'appid-'"],
      ['Users', "Cannot use 'users' as a tenantId"],
    ] as const)
      for (const request of ['PUT /recipe/multitenancy/tenant/v2', 'POST /recipe/multitenancy/tenant/remove'] as const)
        await expectText(world, [request, { tenantId }], 400, text);
  });

  it('is never the public one, nor is the public app removed, and another is none (row 35)', async () => {
    const remove = 'POST /recipe/multitenancy/tenant/remove';
    await expectText(
      world,
      [remove, { tenantId: 'Public' }],
      403,
      'Cannot delete public tenant, use remove app API instead',
    );
    expect(await world.post('/recipe/multitenancy/tenant/remove', { tenantId: world.name('t') })).toEqual({
      status: 'OK',
      didExist: false,
    });
    const answer = await world.call('POST', '/recipe/multitenancy/app/remove', { appId: 'public' });
    expect([answer.statusCode, answer.text]).toEqual([403, expect.stringMatching(/^Cannot delete public app/)]);
  });
});

describe('an app', () => {
  insideOnly.apps(
    'is made, changed and removed from the public one, under a name that can stand in a path',
    async () => {
      const put = 'PUT /recipe/multitenancy/app/v2' as const;
      expect(await world.put('/recipe/multitenancy/app/v2', { appId: ' Shop-1 ' })).toEqual({
        status: 'OK',
        createdNew: true,
      });
      await expectText(
        world,
        ['PUT /appid-shop-1/recipe/multitenancy/app/v2', { appId: 'x' }],
        403,
        'You must use the public app to add, update or remove an app',
      );
      await expectText(
        world,
        ['POST /appid-shop-1/recipe/multitenancy/app/remove', { appId: 'x' }],
        403,
        'You must use the public app to add, update or remove an app',
      );
      await expectText(world, [put, { appId: 'public' }], 403, 'Cannot modify the public app');
      await expectText(world, [put, { appId: 'appid-x' }], 400, "appId must not start with 'appid-'");
      await expectText(world, [put, { appId: 'a b' }], 400, 'appId can only contain letters, numbers and hyphens');
      await expectText(world, [put, { appId: 5 }], 400, "Field name 'appId' is invalid in JSON input");
      const remove = () => world.post('/recipe/multitenancy/app/remove', { appId: 'shop-1' });
      expect([await remove(), await remove()]).toEqual([
        { status: 'OK', didExist: true },
        { status: 'OK', didExist: false },
      ]);
      await expectText(
        world,
        ['PUT /recipe/multitenancy/tenant/v2', { tenantId: 'public', coreConfig: { access_token_validity: 1 } }],
        403,
        'Cannot modify base config',
      );
    },
  );

  insideOnly.apps('has settings of its own, which may change while it runs and change nobody else’s', async () => {
    const put = (appId: string, coreConfig: object) => world.put('/recipe/multitenancy/app/v2', { appId, coreConfig });
    const session = { userId: 'ann', userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false };
    const lifeIn = async (prefix: string) => {
      const { accessToken } = await world.post(`${prefix}/public/recipe/session`, session);
      return (accessToken.expiry - accessToken.createdTime) / 1000;
    };
    await put('slow', { access_token_validity: 7200 });
    await put('quick', { access_token_validity: 100 });
    expect([await lifeIn('/appid-slow'), await lifeIn('/appid-quick'), await lifeIn('')]).toEqual([7200, 100, 3600]);
    await put('quick', {
      access_token_validity: 1000,
      refresh_token_validity: 5,
      access_token_dynamic_signing_key_update_interval: 2,
    });
    const { refreshToken } = await world.post('/appid-quick/public/recipe/session', session);
    expect(refreshToken.expiry - refreshToken.createdTime).toBe(5 * 60_000);
    const keys = await world.call('GET', '/appid-quick/.well-known/jwks.json');
    expect(Number(/max-age=(\d+)/.exec(String(keys.headers['cache-control']))?.[1])).toBeLessThan(2 * 3600);
    expect([await lifeIn('/appid-quick'), await lifeIn('/appid-slow')]).toEqual([1000, 7200]);
    expect((await world.get('/appid-quick/public/recipe/multitenancy/tenant/v2')).coreConfig).toEqual({
      access_token_validity: 1000,
      refresh_token_validity: 5,
      access_token_dynamic_signing_key_update_interval: 2,
    });
    expect((await world.get('/public/recipe/multitenancy/tenant/v2')).coreConfig).toEqual({});
    for (const [coreConfig, text] of [
      [{ access_token_validity: 0 }, "Invalid core config: 'access_token_validity' must be greater than 0"],
      [{ access_token_validity: '-5' }, "Invalid core config: 'access_token_validity' must be greater than 0"],
      [{ access_token_validity: 'long' }, "Invalid core config: 'access_token_validity' must be of type long"],
      [{ totp_max_attempts: '1.5' }, "Invalid core config: 'totp_max_attempts' must be of type int"],
      [
        { access_token_signing_key_dynamic: 'maybe' },
        "Invalid core config: 'access_token_signing_key_dynamic' must be of type boolean",
      ],
      [{ nonsense: 1 }, 'Invalid core config: nonsense'],
    ] as const)
      await expectText(world, ['PUT /recipe/multitenancy/app/v2', { appId: 'quick', coreConfig }], 400, text);
  });

  insideOnly.apps(
    'takes numbers as text and a setting that means nothing any more, and keeps what is not named',
    async () => {
      const put = (coreConfig: object) => world.put('/recipe/multitenancy/app/v2', { appId: 'form', coreConfig });
      const shown = async () => (await world.get('/appid-form/public/recipe/multitenancy/tenant/v2')).coreConfig;
      expect((await put({ access_token_validity: '60', access_token_signing_key_dynamic: false })).status).toBe('OK');
      const session = { userId: 'ann', userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false };
      const { accessToken } = await world.post('/appid-form/public/recipe/session', session);
      expect(accessToken.expiry - accessToken.createdTime).toBe(60_000);
      expect(decodeProtectedHeader(accessToken.token).kid).toMatch(/^d-/);
      await put({ totp_max_attempts: 3, access_token_signing_key_dynamic: null });
      expect(await shown()).toEqual({ access_token_validity: '60', totp_max_attempts: 3 });
      await world.put('/recipe/multitenancy/app/v2', { appId: 'form' });
      expect(await shown()).toEqual({ access_token_validity: '60', totp_max_attempts: 3 });
    },
  );

  insideOnly.apps('may ask for keys of its own, with which nobody gets in elsewhere', async () => {
    const put = (coreConfig: object) =>
      world.call('PUT', '/recipe/multitenancy/app/v2', { appId: 'locked', coreConfig });
    const [one, other] = ['one-key-of-the-locked-app', 'other-key-of-the-locked-app'];
    expect((await put({ api_keys: `${one}, ${other}` })).statusCode).toBe(200);
    const statusOf = async (path: string, key: string) =>
      (await world.call('GET', path, {}, { 'api-key': key })).statusCode;
    const path = '/appid-locked/users/count';
    expect([await statusOf(path, one), await statusOf(path, other)]).toEqual([200, 200]);
    expect([await statusOf(path, world.apiKey!), await statusOf(path, '')]).toEqual([401, 401]);
    expect([await statusOf('/users/count', one), await statusOf('/users/count', world.apiKey!)]).toEqual([401, 200]);
    expect(await statusOf('/appid-locked/.well-known/jwks.json', '')).toBe(200);
    for (const [api_keys, text] of [
      ['short', 'Invalid core config: One of the API keys is too short. Please use at least 20 characters'],
      ['key_with_an_underscore_in_it', /^Invalid core config: Invalid characters in one of the API keys/],
      [5, "Invalid core config: 'api_keys' must be of type string"],
    ] as const) {
      const answer = await put({ api_keys });
      const words = typeof text === 'string' ? `${text}\n` : expect.stringMatching(text);
      expect([answer.statusCode, answer.text]).toEqual([400, words]);
    }
    await put({ api_keys: null });
    expect([await statusOf(path, one), await statusOf(path, world.apiKey!)]).toEqual([401, 200]);
  });

  insideOnly.apps(
    'knows nothing of another’s roles, metadata, e-mailed tokens, codes and verified addresses',
    async () => {
      await world.put('/recipe/multitenancy/app/v2', { appId: 'island' });
      const [userId, email, role] = [world.name(), world.email(), world.name('role')];
      await world.put('/recipe/role', { role });
      await world.put('/recipe/user/metadata', { userId, metadataUpdate: { a: 1 } });
      const { token: emailToken } = await world.post('/public/recipe/user/email/verify/token', { userId, email });
      const sent = await world.post('/public/recipe/signinup/code', { email });
      const there = '/appid-island';
      expect(await world.get(`${there}/recipe/roles`)).toEqual({ status: 'OK', roles: [] });
      expect(await world.get(`${there}/recipe/user/metadata`, { userId })).toEqual({ status: 'OK', metadata: {} });
      expect(
        (await world.post(`${there}/public/recipe/user/email/verify`, { method: 'token', token: emailToken })).status,
      ).toBe('EMAIL_VERIFICATION_INVALID_TOKEN_ERROR');
      const proof = { preAuthSessionId: sent.preAuthSessionId, linkCode: sent.linkCode };
      expect(await world.post(`${there}/public/recipe/signinup/code/consume`, proof)).toEqual({
        status: 'RESTART_FLOW_ERROR',
      });
      await world.post('/public/recipe/user/email/verify', { method: 'token', token: emailToken });
      expect(await world.get(`${there}/recipe/user/email/verify`, { userId, email })).toEqual({
        status: 'OK',
        isVerified: false,
      });
    },
  );
});

describe('a signed token', () => {
  it('is refused in words when it could not be', async () => {
    await expectText(
      world,
      ['POST /recipe/jwt', { ...token, validity: 0 }],
      400,
      'validity must be greater than or equal to 0',
    );
    await expectText(
      world,
      ['POST /recipe/jwt', { ...token, payload: [] }],
      400,
      "Field name 'payload' is invalid in JSON input",
    );
    expect(await world.post('/recipe/jwt', { ...token, algorithm: 'HS256' })).toEqual({
      status: 'UNSUPPORTED_ALGORITHM_ERROR',
    });
  });

  it('hears of the first field that is missing, in the order of the core (row 29)', async () => {
    const given: Record<string, unknown> = {};
    for (const name of ['algorithm', 'jwksDomain', 'payload', 'validity'] as const) {
      await expectText(world, ['POST /recipe/jwt', given], 400, `Field name '${name}' is invalid in JSON input`);
      given[name] = token[name];
    }
  });

  it('has the fields of its payload, issuer and times, and a header without a version', async () => {
    const made = await world.post('/recipe/jwt', { ...token, payload: { sub: 'ann', plan: 'paid' } });
    expect(made).toEqual({ status: 'OK', jwt: expect.any(String) });
    expect(Object.keys(decodeJwt(made.jwt)).sort()).toEqual(['exp', 'iat', 'iss', 'plan', 'sub']);
    expect(Object.keys(decodeProtectedHeader(made.jwt)).sort()).toEqual(['alg', 'kid', 'typ']);
  });
});

const wordsOfCodes: [Row['request'], object, string][] = [
  ['POST /public/recipe/signinup/code', {}, 'Please provide exactly one of email, phoneNumber or deviceId'],
  [
    'POST /public/recipe/signinup/code/consume',
    { preAuthSessionId: 'x' },
    'Please provide exactly one of linkCode or deviceId+userInputCode',
  ],
  [
    'POST /public/recipe/signinup/code/consume',
    { preAuthSessionId: 'x', deviceId: 'x' },
    'Please provide exactly one of linkCode or deviceId+userInputCode',
  ],
  [
    'POST /public/recipe/signinup/code/consume',
    { preAuthSessionId: 'x', linkCode: 'x', deviceId: 'x', userInputCode: 'x' },
    'Please provide exactly one of linkCode or deviceId+userInputCode',
  ],
  ['POST /public/recipe/signinup/codes/remove', {}, 'Please provide exactly one of email or phoneNumber'],
  [
    'POST /public/recipe/signinup/code/remove',
    { codeId: 'x', preAuthSessionId: 'x' },
    'Please provide exactly one of codeId or preAuthSessionId',
  ],
];

describe('passwordless', () => {
  for (const [request, fields, text] of wordsOfCodes) {
    it(`${request} ${JSON.stringify(fields)} is refused in words`, () =>
      expectText(world, [request, fields], 400, text));
  }

  it('asks for one of two when a code is to be revoked (row 30)', () =>
    expectText(
      world,
      ['POST /public/recipe/signinup/code/remove', {}],
      400,
      "Please provide either 'codeId' or 'preAuthSessionId'",
    ));

  it('asks which proof it is before it looks at one (row 29)', async () => {
    const oneOf = 'Please provide exactly one of linkCode or deviceId+userInputCode';
    for (const path of ['consume', 'check']) {
      const request = `POST /public/recipe/signinup/code/${path}` as const;
      await expectText(world, [request, { preAuthSessionId: 'x', deviceId: 5 }], 400, oneOf);
      await expectText(world, [request, { preAuthSessionId: 'x', linkCode: 5, deviceId: 'x' }], 400, oneOf);
      for (const name of ['deviceId', 'userInputCode']) {
        const fields = { preAuthSessionId: 'x', deviceId: 'x', userInputCode: 'x', [name]: 5 };
        await expectText(world, [request, fields], 400, `Field name '${name}' is invalid in JSON input`);
      }
    }
  });

  it('reports what it consumed of a number without an address', async () => {
    const phoneNumber = `+4915${Math.floor(1e8 + Math.random() * 9e8)}`;
    const sent = await world.post('/public/recipe/signinup/code', { phoneNumber, userInputCode: '024680' });
    expect(Object.keys(sent).sort()).toEqual([
      'codeId',
      'codeLifetime',
      'deviceId',
      'linkCode',
      'preAuthSessionId',
      'status',
      'timeCreated',
      'userInputCode',
    ]);
    expect(sent.userInputCode).toBe('024680');
    const proof = { preAuthSessionId: sent.preAuthSessionId, deviceId: sent.deviceId, userInputCode: '024680' };
    const done = await world.post('/public/recipe/signinup/code/consume', proof);
    expect(Object.keys(done).sort()).toEqual(['consumedDevice', 'createdNewUser', 'recipeUserId', 'status', 'user']);
    expect(done.consumedDevice).toEqual({
      preAuthSessionId: sent.preAuthSessionId,
      failedCodeInputAttemptCount: 0,
      phoneNumber,
    });
    expect(done.user.loginMethods).toEqual([
      {
        tenantIds: ['public'],
        recipeUserId: done.recipeUserId,
        verified: true,
        timeJoined: done.user.timeJoined,
        recipeId: 'passwordless',
        phoneNumber,
      },
    ]);
    expect(await world.get('/public/recipe/signinup/codes', { phoneNumber })).toEqual({ status: 'OK', devices: [] });
  });
});
