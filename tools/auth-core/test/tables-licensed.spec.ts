import { decodeJwt } from 'jose';
import { insideOnly, licensed, unlicensed } from './outside.js';
import { expectText, refusesWrongFields, type Row } from './table.js';
import { World } from './world.js';

/** What the real core sells: refused in its words without a licence, field by field with one. */
let plain: World;
let sold: World;
beforeAll(async () => {
  plain = await World.create();
  sold = await World.create({ features: ['mfa', 'account_linking'] });
});
afterAll(async () => {
  await plain.drop();
  await sold.drop();
});

const device = { userId: 'x', deviceName: 'x' };
const pair = { recipeUserId: 'x', primaryUserId: 'x' };

refusesWrongFields(
  () => plain,
  [
    {
      request: 'POST /recipe/totp/device',
      fields: { userId: 'x', skew: 1, period: 30 },
      optional: { deviceName: 'x' },
    },
    { request: 'PUT /recipe/totp/device', fields: { userId: 'x', existingDeviceName: 'x', newDeviceName: 'y' } },
    { request: 'GET /recipe/totp/device/list', fields: { userId: 'x' } },
    { request: 'POST /recipe/totp/device/remove', fields: device },
    { request: 'POST /public/recipe/totp/device/verify', fields: { ...device, totp: '000000' } },
    { request: 'POST /public/recipe/totp/verify', fields: { userId: 'x', totp: '000000' } },
    { request: 'GET /recipe/accountlinking/user/primary/check', fields: { recipeUserId: 'x' } },
    { request: 'POST /recipe/accountlinking/user/primary', fields: { recipeUserId: 'x' } },
    { request: 'POST /recipe/accountlinking/user/unlink', fields: { recipeUserId: 'x' } },
    { request: 'POST /recipe/accountlinking/user/link', fields: pair },
  ],
);

const mfa = 'MFA feature is not enabled. Please subscribe to a SuperTokens core license key to enable this feature.';
const linking = 'Account linking feature is not enabled for this app. Please contact support to enable it.';
const tenancy =
  "Cannot use feature: multi_tenancy, because the license key is missing, or doesn't have this feature enabled.";

const refused: [Row['request'], object, string][] = [
  ['POST /recipe/totp/device', { userId: 'x', deviceName: 'x', skew: 1, period: 30 }, mfa],
  ['POST /public/recipe/totp/verify', { userId: 'x', totp: '000000' }, mfa],
  ['PUT /recipe/multitenancy/tenant/v2', { tenantId: 't1' }, tenancy],
  ['PUT /recipe/multitenancy/tenant/v2', { tenantId: 't1', firstFactors: ['emailpassword'] }, tenancy],
];

// The sources of the core leave open whether it asks for a licence here, or for which.
const refusedHere: [Row['request'], object, string][] = [
  ['PUT /recipe/multitenancy/tenant/v2', { tenantId: 'public', requiredSecondaryFactors: ['totp'] }, mfa],
  ['POST /public/recipe/multitenancy/tenant/user', { recipeUserId: 'x' }, tenancy],
  ['POST /public/recipe/multitenancy/tenant/user/remove', { recipeUserId: 'x' }, tenancy],
];

describe('a core without a licence', () => {
  for (const [request, fields, text] of refused) {
    unlicensed(`${request} ${JSON.stringify(fields)} is a 402, on a line of its own`, () =>
      expectText(plain, [request, fields], 402, text),
    );
  }

  for (const [request, fields, text] of refusedHere) {
    insideOnly.standIn(`${request} ${JSON.stringify(fields)} is a 402, on a line of its own`, () =>
      expectText(plain, [request, fields], 402, text),
    );
  }

  unlicensed('joining is a 402, whether there are such users or not (row 37)', async () => {
    const [recipeUserId, primaryUserId] = [
      await plain.signInWith(plain.email()),
      await plain.signInWith(plain.email()),
    ];
    await expectText(plain, ['POST /recipe/accountlinking/user/primary', { recipeUserId }], 402, linking);
    await expectText(plain, ['POST /recipe/accountlinking/user/link', { recipeUserId, primaryUserId }], 402, linking);
    const nobody = plain.name();
    await expectText(plain, ['POST /recipe/accountlinking/user/primary', { recipeUserId: nobody }], 402, linking);
    for (const pair of [
      { recipeUserId: nobody, primaryUserId },
      { recipeUserId, primaryUserId: nobody },
    ])
      await expectText(plain, ['POST /recipe/accountlinking/user/link', pair], 402, linking);
  });

  it('answers questions, partings and the devices that are there', async () => {
    const [one, other] = [await plain.signInWith(plain.email()), await plain.signInWith(plain.email())];
    expect(await plain.get('/recipe/accountlinking/user/primary/check', { recipeUserId: one })).toEqual({
      status: 'OK',
      wasAlreadyAPrimaryUser: false,
    });
    expect(
      await plain.get('/recipe/accountlinking/user/link/check', { recipeUserId: one, primaryUserId: other }),
    ).toEqual({ status: 'INPUT_USER_IS_NOT_A_PRIMARY_USER' });
    expect(await plain.post('/recipe/accountlinking/user/unlink', { recipeUserId: one })).toEqual({
      status: 'OK',
      wasRecipeUserDeleted: false,
      wasLinked: false,
    });
    expect(await plain.get('/recipe/totp/device/list', { userId: one })).toEqual({ status: 'OK', devices: [] });
    expect(await plain.post('/recipe/totp/device/remove', { userId: one, deviceName: 'x' })).toEqual({
      status: 'OK',
      didDeviceExist: false,
    });
    expect(
      await plain.put('/recipe/totp/device', { userId: one, existingDeviceName: 'x', newDeviceName: 'y' }),
    ).toEqual({ status: 'UNKNOWN_DEVICE_ERROR' });
    expect(
      await plain.post('/public/recipe/totp/device/verify', { userId: one, deviceName: 'x', totp: '000000' }),
    ).toEqual({ status: 'UNKNOWN_DEVICE_ERROR' });
  });

  insideOnly.process('an app is sold too where the stand-in is configured to be strict', async () => {
    const strict = await plain.another({ appsNeedLicence: true });
    const answer = await plain.call('PUT', '/recipe/multitenancy/app/v2', { appId: 'x' }, {}, strict);
    await strict.close();
    expect([answer.statusCode, answer.text]).toEqual([402, `${tenancy}\n`]);
  });

  insideOnly.apps('the features are reported to every caller, of every app', async () => {
    await plain.put('/recipe/multitenancy/app/v2', { appId: 'one' });
    for (const prefix of ['', '/appid-one']) {
      expect(await plain.get(`${prefix}/ee/featureflag`)).toEqual({ status: 'OK', features: [], usageStats: {} });
      expect(await plain.put(`${prefix}/ee/license`, { licenseKey: 'abc' })).toEqual({
        status: 'INVALID_LICENSE_KEY_ERROR',
      });
      expect(await plain.get(`${prefix}/ee/license`)).toEqual({ status: 'NO_LICENSE_KEY_FOUND_ERROR' });
    }
    await expectText(
      plain,
      ['PUT /ee/license', { key: 'abc' }],
      400,
      "Field name 'licenseKey' is missing in JSON input",
    );
    expect(await plain.get('/telemetry')).toEqual({ status: 'OK', exists: false });
  });
});

describe('with a licence', () => {
  const tenantUser = (path: string, fields: object) =>
    sold.post(`/public/recipe/multitenancy/tenant/user${path}`, fields);

  licensed('a user leaves the tenant, which signs nobody in any more, and comes back (row 40)', async () => {
    const { userId: recipeUserId, email, password } = await sold.signUp();
    const signIn = async () => (await sold.post('/public/recipe/signin', { email, password })).status as string;
    const methodOf = async (userId: string) => (await sold.get('/user/id', { userId })).user;
    await sold.newSession({ userId: recipeUserId });
    expect(await tenantUser('', { recipeUserId })).toEqual({ status: 'OK', wasAlreadyAssociated: true });
    expect(await tenantUser('/remove', { recipeUserId })).toEqual({ status: 'OK', wasAssociated: true });
    expect(await tenantUser('/remove', { recipeUserId })).toEqual({ status: 'OK', wasAssociated: false });
    expect(await signIn()).toBe('WRONG_CREDENTIALS_ERROR');
    const outside = await methodOf(recipeUserId);
    expect([outside.tenantIds, outside.loginMethods[0].tenantIds]).toEqual([[], []]);
    const byEmail = { email, doUnionOfAccountInfo: 'true' };
    expect((await sold.get('/public/users/by-accountinfo', byEmail)).users).toEqual([]);
    expect((await sold.get('/public/recipe/session/user', { userId: recipeUserId })).sessionHandles).toEqual([]);
    expect(await tenantUser('', { recipeUserId })).toEqual({ status: 'OK', wasAlreadyAssociated: false });
    expect([await signIn(), (await methodOf(recipeUserId)).tenantIds]).toEqual(['OK', ['public']]);
  });

  licensed('a user comes back only as long as nobody has taken the place (row 40)', async () => {
    const { userId: recipeUserId, email } = await sold.signUp();
    await tenantUser('/remove', { recipeUserId });
    await sold.signUp(email);
    expect(await tenantUser('', { recipeUserId })).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    expect(await tenantUser('', { recipeUserId: sold.name() })).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
  });

  insideOnly.apps('a key is kept for one app', async () => {
    await sold.put('/recipe/multitenancy/app/v2', { appId: 'keyed' });
    expect(await sold.put('/appid-keyed/ee/license', { licenseKey: 'abc' })).toEqual({ status: 'OK' });
    expect(await sold.get('/appid-keyed/ee/license')).toEqual({ status: 'OK', licenseKey: 'abc' });
    expect(await sold.get('/ee/license')).toEqual({ status: 'NO_LICENSE_KEY_FOUND_ERROR' });
  });

  licensed(
    'a session of a linked login method is one of its account, and follows when the method is set free',
    async () => {
      const [first, other] = [await sold.signInWith(sold.email()), await sold.signInWith(sold.email())];
      await sold.post('/recipe/accountlinking/user/primary', { recipeUserId: first });
      await sold.post('/recipe/accountlinking/user/link', { recipeUserId: other, primaryUserId: first });
      const { session, accessToken, refreshToken } = await sold.newSession({ userId: other });
      expect(session).toMatchObject({ userId: first, recipeUserId: other });
      expect(decodeJwt(accessToken.token)).toMatchObject({ sub: first, rsub: other });
      const child = await sold.refresh(refreshToken.token);
      expect(child.session).toEqual(session);
      await sold.refresh(child.refreshToken.token);
      const thief = { handle: session.handle, userId: first, recipeUserId: other };
      expect(await sold.refresh(refreshToken.token)).toEqual({ status: 'TOKEN_THEFT_DETECTED', session: thief });
      expect(await sold.get('/recipe/session', { sessionHandle: session.handle })).toMatchObject({
        userId: first,
        recipeUserId: other,
      });
      const handles = async (userId: string, all: boolean) =>
        (await sold.get('/public/recipe/session/user', { userId, fetchSessionsForAllLinkedAccounts: `${all}` }))
          .sessionHandles as string[];
      expect([
        await handles(first, true),
        await handles(other, true),
        await handles(first, false),
        await handles(other, false),
      ]).toEqual([[session.handle], [session.handle], [], [session.handle]]);
      const revoke = (fields: object) => sold.post('/recipe/session/remove', fields);
      expect((await revoke({ userId: first, revokeSessionsForLinkedAccounts: false })).sessionHandlesRevoked).toEqual(
        [],
      );
      expect((await revoke({ userId: first, revokeSessionsForLinkedAccounts: true })).sessionHandlesRevoked).toEqual([
        session.handle,
      ]);
    },
  );

  insideOnly.database('used codes are swept away when neither replay nor limit asks for them any more', async () => {
    const userId = sold.name('ann');
    await sold.post('/recipe/totp/device', { userId, deviceName: 'phone', skew: 1, period: 30 });
    await sold.post('/public/recipe/totp/device/verify', { userId, deviceName: 'phone', totp: '000000' });
    const kept = async () => {
      await sold.sweep();
      return sold.rowsIn(`totp_used_codes where user_id = '${userId}'`);
    };
    expect(await kept()).toBe(1);
    sold.later(100_000);
    expect(await kept()).toBe(1);
    sold.later(810_000);
    expect(await kept()).toBe(0);
  });
});
