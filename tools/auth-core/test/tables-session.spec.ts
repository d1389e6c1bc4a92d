import { decodeJwt, decodeProtectedHeader } from 'jose';
import { insideOnly } from './outside.js';
import { expectText, refusesWrongFields } from './table.js';
import { World } from './world.js';

/** Sessions, field by field: what is asked, what is answered, and in which words it is refused. */
let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.drop());

const opening = { userId: 'x', userDataInJWT: {}, userDataInDatabase: {}, enableAntiCsrf: false };

refusesWrongFields(
  () => world,
  [
    { request: 'POST /public/recipe/session', fields: opening, optional: { useDynamicSigningKey: true } },
    {
      request: 'POST /recipe/session/verify',
      fields: { accessToken: 'x', doAntiCsrfCheck: false, enableAntiCsrf: false, checkDatabase: false },
      optional: { antiCsrfToken: 'x' },
    },
    {
      request: 'POST /recipe/session/refresh',
      fields: { refreshToken: 'x', enableAntiCsrf: false, useDynamicSigningKey: true },
      optional: { antiCsrfToken: 'x' },
    },
    { request: 'POST /recipe/session/regenerate', fields: { accessToken: 'x' }, optional: { userDataInJWT: {} } },
    { request: 'GET /recipe/session', fields: { sessionHandle: 'x' } },
    { request: 'GET /public/recipe/session/user', fields: { userId: 'x' } },
    { request: 'POST /recipe/session/remove', fields: {}, optional: { userId: 'x', sessionHandles: [] } },
    { request: 'PUT /recipe/session/data', fields: { sessionHandle: 'x', userDataInDatabase: {} } },
    { request: 'PUT /recipe/jwt/data', fields: { sessionHandle: 'x', userDataInJWT: {} } },
  ],
);

const protectedClaims = [
  'sub',
  'exp',
  'iat',
  'sessionHandle',
  'refreshTokenHash1',
  'parentRefreshTokenHash1',
  'antiCsrfToken',
  'tId',
  'rsub',
];
const part = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url');
const checks = { doAntiCsrfCheck: false, enableAntiCsrf: false, checkDatabase: false };
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const issued = { token: expect.any(String), expiry: expect.any(Number), createdTime: expect.any(Number) };

describe('a new session', () => {
  it('is answered with these fields and no other', async () => {
    const userId = world.name('ann');
    const answer = await world.newSession({
      userId,
      userDataInJWT: { plan: 'free', deep: { a: [1, null] } },
      userDataInDatabase: { device: 'tv' },
    });
    expect(answer).toEqual({
      status: 'OK',
      session: {
        handle: expect.stringMatching(uuid),
        userId,
        recipeUserId: userId,
        userDataInJWT: { plan: 'free', deep: { a: [1, null] } },
        tenantId: 'public',
      },
      accessToken: issued,
      refreshToken: issued,
    });
    const claims = decodeJwt(answer.accessToken.token);
    expect(Object.keys(claims).sort()).toEqual([...protectedClaims, 'plan', 'deep'].sort());
    expect(claims).toMatchObject({
      sub: userId,
      rsub: userId,
      tId: 'public',
      parentRefreshTokenHash1: null,
      antiCsrfToken: null,
      deep: { a: [1, null] },
    });
    expect([typeof claims.exp, typeof claims.iat, claims.refreshTokenHash1]).toEqual([
      'number',
      'number',
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
  });

  it('with anti-CSRF has its token in the answer and in the claims', async () => {
    const answer = await world.newSession({ enableAntiCsrf: true });
    expect(Object.keys(answer).sort()).toEqual(['accessToken', 'antiCsrfToken', 'refreshToken', 'session', 'status']);
    expect(decodeJwt(answer.accessToken.token).antiCsrfToken).toBe(answer.antiCsrfToken);
  });

  it('is signed with the kind of key that was asked for', async () => {
    const kindOf = async (fields: object) =>
      decodeProtectedHeader((await world.newSession(fields)).accessToken.token).kid!.slice(0, 2);
    expect([
      await kindOf({}),
      await kindOf({ useDynamicSigningKey: true }),
      await kindOf({ useDynamicSigningKey: false }),
    ]).toEqual(['d-', 'd-', 's-']);
  });

  it('gives an access token exactly its hour, at its birth and at each refresh (row 5)', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.newSession()));
    const root = answers[0].refreshToken.token as string;
    const refreshed = await Promise.all(Array.from({ length: 10 }, () => world.refresh(root)));
    const final = await world.verify(refreshed[0].accessToken.token);
    const lives = [...answers, ...refreshed, final].map(
      ({ accessToken: { expiry, createdTime } }) => expiry - createdTime,
    );
    expect([...new Set(lives)]).toEqual([3_600_000]);
  });
});

describe('a refresh token', () => {
  it('is three parts in the standard alphabet, longer than those of most servers (row 43)', async () => {
    const { userId } = await world.signUp();
    const first = await world.newSession({ userId });
    const child = await world.refresh(first.refreshToken.token);
    const tokens = [first, child].map(({ refreshToken }) => refreshToken.token as string);
    expect(tokens.map((token) => token.length)).toEqual([344, 468]);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9+/]+={0,2}\.[0-9a-f]{64}\.V2$/);
  });

  it('that is not ours is refused in the words of the core (row 22)', async () => {
    const { refreshToken } = await world.newSession();
    const [body, nonce] = refreshToken.token.split('.') as [string, string];
    const other = body.startsWith('A') ? 'B' : 'A';
    const wordsOf = async (token: string) => {
      const { status, message } = await world.refresh(token);
      return [status, message];
    };
    const format = 'io.supertokens.session.refreshToken.RefreshToken$InvalidRefreshTokenFormatException: ';
    for (const [token, words] of [
      ['', `${format}version of refresh token not recognised`],
      ['nonsense', `${format}version of refresh token not recognised`],
      ['nonsense.V2', `${format}Refresh token split with dot yielded an array of length: 2`],
      [`${other}${body.slice(1)}.${nonce}.V2`, expect.stringMatching(/AEADBadTagException/)],
      [`${body}.${nonce.replace(/./g, '0')}.V2`, 'Invalid refresh token'],
    ] as const)
      expect(await wordsOf(token)).toEqual(['UNAUTHORISED', words]);
  });

  it('is good for a hundred days from the moment it was issued, the first one and every later one', async () => {
    const first = await world.newSession();
    for (const { refreshToken, accessToken } of [first, await world.refresh(first.refreshToken.token)]) {
      expect(refreshToken.expiry - refreshToken.createdTime).toBe(144_000 * 60_000);
      // The times of an access token are cut to whole seconds.
      expect(Math.abs(refreshToken.createdTime - accessToken.createdTime)).toBeLessThan(2000);
    }
  });
});

describe('a refreshed session', () => {
  it('is answered like a new one, with the hash of the token that it came from', async () => {
    const { session, refreshToken, accessToken } = await world.newSession({ userDataInJWT: { plan: 'free' } });
    const answer = await world.refresh(refreshToken.token);
    expect(answer).toEqual({ status: 'OK', session, accessToken: issued, refreshToken: issued });
    const claims = decodeJwt(answer.accessToken.token);
    expect(claims.parentRefreshTokenHash1).toBe(decodeJwt(accessToken.token).refreshTokenHash1);
    expect(claims.refreshTokenHash1).not.toBe(claims.parentRefreshTokenHash1);
    expect(answer.refreshToken.token).not.toBe(refreshToken.token);
  });

  it('is signed with the kind of key that each refresh asks for, and not without being asked (row 1)', async () => {
    const { refreshToken } = await world.newSession();
    const kindOf = (answer: { accessToken: { token: string } }) =>
      decodeProtectedHeader(answer.accessToken.token).kid!.slice(0, 2);
    const turns = [];
    let token = refreshToken.token as string;
    for (const useDynamicSigningKey of [false, false, true, true]) {
      const answer = await world.refresh(token, { useDynamicSigningKey });
      turns.push(kindOf(answer));
      token = answer.refreshToken.token;
    }
    expect(turns).toEqual(['s-', 's-', 'd-', 'd-']);
    const text = "Field name 'useDynamicSigningKey' is invalid in JSON input";
    await expectText(
      world,
      ['POST /recipe/session/refresh', { refreshToken: token, enableAntiCsrf: false }],
      400,
      text,
    );
  });

  it('needs its anti-CSRF token where that is switched on, says so in words, and gets a new one (row 2)', async () => {
    const { refreshToken, antiCsrfToken } = await world.newSession({ enableAntiCsrf: true });
    const refused = { status: 'UNAUTHORISED', message: 'Anti CSRF token missing, or not matching' };
    expect(await world.refresh(refreshToken.token, { enableAntiCsrf: true })).toEqual(refused);
    expect(await world.refresh(refreshToken.token, { enableAntiCsrf: true, antiCsrfToken: 'wrong' })).toEqual(refused);
    const child = await world.refresh(refreshToken.token, { enableAntiCsrf: true, antiCsrfToken });
    expect([child.status, child.antiCsrfToken]).toEqual(['OK', expect.stringMatching(uuid)]);
    expect(child.antiCsrfToken).not.toBe(antiCsrfToken);
    expect(decodeJwt(child.accessToken.token).antiCsrfToken).toBe(child.antiCsrfToken);
    expect(await world.refresh(child.refreshToken.token, { enableAntiCsrf: true, antiCsrfToken })).toEqual(refused);
  });

  it('is no longer protected once it was refreshed without the switch (row 3)', async () => {
    const { refreshToken } = await world.newSession({ enableAntiCsrf: true });
    const child = await world.refresh(refreshToken.token, { enableAntiCsrf: false });
    expect(Object.keys(child).sort()).toEqual(['accessToken', 'refreshToken', 'session', 'status']);
    expect(decodeJwt(child.accessToken.token).antiCsrfToken).toBeNull();
    // Nothing is asked of a token that carries none, and the next one carries one again.
    const next = await world.refresh(child.refreshToken.token, { enableAntiCsrf: true });
    expect([next.status, next.antiCsrfToken]).toEqual(['OK', expect.stringMatching(uuid)]);
  });
});

describe('a verified session', () => {
  it('is shown without a token, or with the one that takes the place of the first', async () => {
    const { session, accessToken, refreshToken } = await world.newSession({ userDataInJWT: { plan: 'free' } });
    for (const checkDatabase of [false, true])
      expect(await world.verify(accessToken.token, { checkDatabase })).toEqual({ status: 'OK', session });
    const child = await world.refresh(refreshToken.token);
    const final = await world.verify(child.accessToken.token);
    expect(final).toEqual({ status: 'OK', session, accessToken: issued });
    expect(decodeProtectedHeader(final.accessToken.token)).toEqual(decodeProtectedHeader(child.accessToken.token));
    expect(Object.keys(decodeJwt(final.accessToken.token)).sort()).toEqual([...protectedClaims, 'plan'].sort());
  });

  it('that was ended is unauthorised where the row is looked at, in words', async () => {
    const { session, accessToken, refreshToken } = await world.newSession();
    const child = await world.refresh(refreshToken.token);
    await world.post('/recipe/session/remove', { sessionHandles: [session.handle] });
    expect((await world.verify(accessToken.token)).status).toBe('OK');
    for (const token of [accessToken.token, child.accessToken.token])
      expect(await world.verify(token, { checkDatabase: true })).toEqual({
        status: 'UNAUTHORISED',
        message: 'Either the session has ended or has been blacklisted',
      });
    expect(await world.verify(child.accessToken.token)).toEqual({
      status: 'UNAUTHORISED',
      message: 'Session missing in db',
    });
    expect(await world.refresh(refreshToken.token)).toEqual({
      status: 'UNAUTHORISED',
      message: 'Session missing in db or has expired',
    });
  });

  it('asks for a refresh when its token is none of ours, in the words of the core (row 22)', async () => {
    const { accessToken } = await world.newSession();
    const [header, payload, signature] = accessToken.token.split('.') as [string, string, string];
    const withHeader = (fields: object) =>
      `${part({ ...decodeProtectedHeader(accessToken.token), ...fields })}.${payload}.${signature}`;
    const forged = part({ ...decodeJwt(accessToken.token), sub: 'bo' });
    const fault = (words: string) => `io.supertokens.session.jwt.JWT$JWTException: ${words}`;
    for (const [token, message] of [
      ['nonsense', fault('Invalid JWT')],
      [`${header}.${payload}.`, fault('Invalid JWT')],
      [`${header}.${forged}.${signature}`, fault('JWT verification failed')],
      [withHeader({ alg: 'none' }), fault('JWT header mismatch - alg')],
      [withHeader({ alg: 'HS256' }), fault('JWT header mismatch - alg')],
      [withHeader({ typ: undefined }), fault('JWT header missing - typ')],
      [withHeader({ version: 5 }), fault('JWT header mismatch - version')],
      [withHeader({ kid: 'd-1' }), 'Key not found'],
    ] as const)
      expect([token, await world.verify(token)]).toEqual([token, { status: 'TRY_REFRESH_TOKEN', message }]);
  });

  it('makes the core stumble over a token that is no base64 or names no key (row 20)', async () => {
    const { accessToken } = await world.newSession();
    const [, payload, signature] = accessToken.token.split('.') as [string, string, string];
    const withoutKid = part({ ...decodeProtectedHeader(accessToken.token), kid: undefined });
    for (const [token, name] of [
      ['a.b.c', 'IllegalArgumentException'],
      [`${withoutKid}.${payload}.${signature}`, 'NullPointerException'],
    ] as const) {
      const answer = await world.call('POST', '/recipe/session/verify', { ...checks, accessToken: token });
      expect([answer.statusCode, answer.text]).toEqual([500, expect.stringContaining(name)]);
    }
  });

  it('lets a branch that lost its place keep old claims where the row is not looked at (row 4)', async () => {
    const { refreshToken, session } = await world.newSession({ userDataInJWT: { plan: 'free' } });
    const [winner, loser] = [await world.refresh(refreshToken.token), await world.refresh(refreshToken.token)];
    await world.verify(winner.accessToken.token);
    await world.put('/recipe/jwt/data', { sessionHandle: session.handle, userDataInJWT: { plan: 'paid' } });
    expect(await world.verify(loser.accessToken.token)).toEqual({ status: 'OK', session });
    const paid = { ...session, userDataInJWT: { plan: 'paid' } };
    expect(await world.verify(loser.accessToken.token, { checkDatabase: true })).toEqual({
      status: 'OK',
      session: paid,
      accessToken: issued,
    });
  });

  it('asks for a refresh where anti-CSRF is checked of a session without (row 23)', async () => {
    const { accessToken } = await world.newSession();
    expect(await world.verify(accessToken.token, { enableAntiCsrf: true, doAntiCsrfCheck: true })).toEqual({
      status: 'TRY_REFRESH_TOKEN',
      message: 'Access token does not contain all the information. Maybe the structure has changed?',
    });
    expect((await world.verify(accessToken.token, { enableAntiCsrf: true })).status).toBe('OK');
  });

  it('hears of the first field that is missing, in the order of the core (row 29)', async () => {
    const missing = (name: string) => `Field name '${name}' is invalid in JSON input`;
    const request = 'POST /recipe/session/verify';
    await expectText(world, [request, { accessToken: 'x' }], 400, missing('doAntiCsrfCheck'));
    await expectText(world, [request, {}], 400, missing('accessToken'));
  });

  it('is checked for anti-CSRF only where both switches are on', async () => {
    const { accessToken } = await world.newSession({ enableAntiCsrf: true });
    const statusOf = async (fields: object) => (await world.verify(accessToken.token, fields)).status as string;
    expect(await statusOf({ enableAntiCsrf: true, doAntiCsrfCheck: false })).toBe('OK');
    expect(await statusOf({ enableAntiCsrf: false, doAntiCsrfCheck: true })).toBe('OK');
    expect(await world.verify(accessToken.token, { enableAntiCsrf: true, doAntiCsrfCheck: true })).toEqual({
      status: 'TRY_REFRESH_TOKEN',
      message: 'anti-csrf check failed',
    });
  });
});

describe('claims', () => {
  it('that a token sets itself are refused wherever they are given', async () => {
    const { session, accessToken } = await world.newSession();
    for (const name of protectedClaims) {
      const userDataInJWT = { [name]: 'x' };
      const text = 'The user payload contains protected field';
      await expectText(world, ['POST /public/recipe/session', { ...opening, userDataInJWT }], 400, text);
      await expectText(world, ['PUT /recipe/jwt/data', { sessionHandle: session.handle, userDataInJWT }], 400, text);
      await expectText(
        world,
        ['POST /recipe/session/regenerate', { accessToken: accessToken.token, userDataInJWT }],
        400,
        text,
      );
    }
  });

  it('of a regenerated token are new, its end, hashes and anti-CSRF token are not', async () => {
    const { accessToken, session } = await world.newSession({
      enableAntiCsrf: true,
      userDataInJWT: { plan: 'free', old: true },
    });
    const answer = await world.post('/recipe/session/regenerate', {
      accessToken: accessToken.token,
      userDataInJWT: { plan: 'paid' },
    });
    expect(answer).toEqual({
      status: 'OK',
      session: { ...session, userDataInJWT: { plan: 'paid' } },
      accessToken: { ...issued, expiry: accessToken.expiry },
    });
    const kept = [
      'exp',
      'refreshTokenHash1',
      'parentRefreshTokenHash1',
      'antiCsrfToken',
      'sessionHandle',
      'sub',
      'rsub',
      'tId',
    ];
    const pick = (token: string) => kept.map((name) => decodeJwt(token)[name]);
    expect(pick(answer.accessToken.token)).toEqual(pick(accessToken.token));
    expect(decodeJwt(answer.accessToken.token)).not.toHaveProperty('old');
    expect(await world.verify(answer.accessToken.token)).toEqual({ status: 'OK', session: answer.session });
  });

  it('stay as they are where a token is regenerated without any, and of a session that is over nobody hears', async () => {
    const { accessToken, session } = await world.newSession({ userDataInJWT: { plan: 'free' } });
    expect((await world.post('/recipe/session/regenerate', { accessToken: accessToken.token })).session).toEqual(
      session,
    );
    // The core reads the token without looking at its signature.
    const unsigned = `${accessToken.token.slice(0, accessToken.token.lastIndexOf('.'))}.AAAA`;
    expect((await world.post('/recipe/session/regenerate', { accessToken: unsigned, userDataInJWT: {} })).status).toBe(
      'OK',
    );
    await world.post('/recipe/session/remove', { sessionHandles: [session.handle] });
    const over = { status: 'UNAUTHORISED', message: expect.any(String) };
    expect(
      await world.post('/recipe/session/regenerate', { accessToken: accessToken.token, userDataInJWT: {} }),
    ).toEqual(over);
    expect(await world.put('/recipe/jwt/data', { sessionHandle: session.handle, userDataInJWT: {} })).toEqual(over);
    expect(await world.put('/recipe/session/data', { sessionHandle: session.handle, userDataInDatabase: {} })).toEqual(
      over,
    );
    expect(await world.get('/recipe/session', { sessionHandle: session.handle })).toEqual(over);
  });
});

describe('a token that is regenerated', () => {
  it('and is none of ours makes the core stumble (row 21)', async () => {
    for (const accessToken of ['x', 'a.b', 'a.b.c']) {
      const answer = await world.call('POST', '/recipe/session/regenerate', { accessToken });
      expect([answer.statusCode, answer.text]).toEqual([500, expect.stringMatching(/Exception/)]);
    }
    const { text } = await world.call('POST', '/recipe/session/regenerate', { accessToken: 'x' });
    expect(text).toContain('Invalid JWT');
  });
});

describe('sessions of a user', () => {
  it('are listed and ended with and without a tenant in the path', async () => {
    const userId = world.name('ann');
    const handles = [
      (await world.newSession({ userId })).session.handle,
      (await world.newSession({ userId })).session.handle,
    ].sort();
    for (const path of ['/recipe/session/user', '/public/recipe/session/user']) {
      for (const query of [{}, { fetchSessionsForAllLinkedAccounts: 'false', fetchAcrossAllTenants: 'true' }]) {
        const { status, sessionHandles } = await world.get(path, { userId, ...query });
        expect([status, sessionHandles.sort()]).toEqual(['OK', handles]);
      }
    }
    const { status, sessionHandlesRevoked } = await world.post('/recipe/session/remove', {
      userId,
      revokeAcrossAllTenants: true,
      revokeSessionsForLinkedAccounts: false,
    });
    expect([status, sessionHandlesRevoked.sort()]).toEqual(['OK', handles]);
    expect(await world.post('/recipe/session/remove', { userId })).toEqual({ status: 'OK', sessionHandlesRevoked: [] });
    expect(await world.post('/recipe/session/remove', { sessionHandles: [] })).toEqual({
      status: 'OK',
      sessionHandlesRevoked: [],
    });
  });

  it('are ended by one thing at a time', async () => {
    const oneOf = 'Invalid JSON input - use one of userId or sessionHandles array';
    await expectText(world, ['POST /recipe/session/remove', {}], 400, oneOf);
    await expectText(world, ['POST /recipe/session/remove', { userId: 'x', sessionHandles: [] }], 400, oneOf);
    const text = 'Invalid JSON input - revokeAcrossAllTenants can only be set if userId is set';
    await expectText(
      world,
      ['POST /recipe/session/remove', { sessionHandles: [], revokeAcrossAllTenants: true }],
      400,
      text,
    );
  });

  insideOnly.database('are no more once they have expired, first to everyone who asks, then in the table', async () => {
    const [userId, other] = [world.name('late'), world.name('other')];
    const { session, refreshToken, accessToken } = await world.newSession({ userId });
    world.later(100 * 86_400_000 - 1000);
    const young = await world.newSession({ userId: other });
    world.later(1001);
    expect((await world.get('/recipe/session/user', { userId })).sessionHandles).toEqual([]);
    for (const answer of [
      await world.refresh(refreshToken.token),
      await world.get('/recipe/session', { sessionHandle: session.handle }),
      await world.put('/recipe/session/data', { sessionHandle: session.handle, userDataInDatabase: {} }),
      await world.post('/recipe/session/regenerate', { accessToken: accessToken.token, userDataInJWT: {} }),
    ])
      expect(answer.status).toBe('UNAUTHORISED');
    await world.sweep();
    expect(await world.rowsIn(`sessions where user_id in ('${userId}', '${other}')`)).toBe(1);
    expect((await world.refresh(young.refreshToken.token)).status).toBe('OK');
  });
});
