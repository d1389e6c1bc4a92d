import { decodeJwt, decodeProtectedHeader } from 'jose';
import { insideOnly } from './outside.js';
import { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.drop());

describe('a session', () => {
  it('begins with an access token of version 5 and no parent', async () => {
    const { session, accessToken } = await world.newSession({ userDataInJWT: { plan: 'free' } });
    expect(decodeProtectedHeader(accessToken.token)).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      kid: expect.stringMatching(/^d-\d+$/),
      version: '5',
    });
    const claims = decodeJwt(accessToken.token);
    expect(claims).toMatchObject({
      sub: 'ann',
      rsub: 'ann',
      tId: 'public',
      plan: 'free',
      sessionHandle: session.handle,
      parentRefreshTokenHash1: null,
      antiCsrfToken: null,
    });
    expect(accessToken.expiry).toBe(claims.exp! * 1000);
    expect(accessToken.createdTime).toBe(claims.iat! * 1000);
    expect(claims.exp! - claims.iat!).toBe(3600);
  });

  it('may belong to an id that nobody signed up with, and refuses claims that it sets itself', async () => {
    for (const name of ['sub', 'exp', 'iat', 'sessionHandle', 'refreshTokenHash1', 'tId', 'rsub', 'antiCsrfToken']) {
      const answer = await world.call('POST', '/public/recipe/session', {
        userId: 'nobody',
        userDataInJWT: { [name]: 'x' },
        userDataInDatabase: {},
        enableAntiCsrf: false,
      });
      expect([answer.statusCode, answer.text]).toEqual([400, 'The user payload contains protected field\n']);
    }
  });
});

describe('refresh', () => {
  it('gives another child when the answer was lost', async () => {
    const { refreshToken: root } = await world.newSession();
    const lost = await world.refresh(root.token);
    const again = await world.refresh(root.token);
    expect([lost.status, again.status]).toEqual(['OK', 'OK']);
    expect(again.refreshToken.token).not.toBe(lost.refreshToken.token);
  });

  it('names the parent in the new access token', async () => {
    const { refreshToken: root, accessToken: first } = await world.newSession();
    const child = await world.refresh(root.token);
    expect(decodeJwt(child.accessToken.token).parentRefreshTokenHash1).toBe(decodeJwt(first.token).refreshTokenHash1);
  });

  it('lets five tabs refresh the same parent at once', async () => {
    const { refreshToken: root } = await world.newSession();
    const answers = await Promise.all(Array.from({ length: 5 }, () => world.refresh(root.token)));
    expect(answers.map((answer) => answer.status)).toEqual(['OK', 'OK', 'OK', 'OK', 'OK']);
  });

  it('lets only one of many children that arrive at once take the place of the parent', async () => {
    const { refreshToken: root } = await world.newSession();
    const children = await Promise.all(Array.from({ length: 6 }, () => world.refresh(root.token)));
    const second = await world.another();
    const requests = children.map((child) => ({
      refreshToken: child.refreshToken.token,
      enableAntiCsrf: false,
      useDynamicSigningKey: true,
    }));
    const answers = await world.race(second, '/recipe/session/refresh', requests);
    await second.close();
    const statuses = answers.map((answer) => answer.status as string).sort();
    expect(statuses).toEqual(['OK', ...Array.from({ length: 5 }, () => 'TOKEN_THEFT_DETECTED')]);
  });

  it('calls the parent stolen once a child was used, names the session and leaves it to the caller to end it', async () => {
    const { refreshToken: root, session } = await world.newSession();
    const child = await world.refresh(root.token);
    const grandchild = await world.refresh(child.refreshToken.token);
    expect(await world.refresh(root.token)).toEqual({
      status: 'TOKEN_THEFT_DETECTED',
      session: { handle: session.handle, userId: 'ann', recipeUserId: 'ann' },
    });
    expect((await world.refresh(grandchild.refreshToken.token)).status).toBe('OK');
  });

  insideOnly.clock('prolongs the session when a child is first used, not before', async () => {
    const { refreshToken: root, session } = await world.newSession();
    const expiry = async () => (await world.get('/recipe/session', { sessionHandle: session.handle })).expiry as number;
    const atBirth = await expiry();
    world.later(60_000);
    const child = await world.refresh(root.token);
    expect(await expiry()).toBe(atBirth);
    await world.refresh(child.refreshToken.token);
    expect(await expiry()).toBeGreaterThanOrEqual(atBirth + 60_000);
  });

  it('moves the session to the other kind of key when asked', async () => {
    const { refreshToken: root } = await world.newSession();
    const moved = await world.refresh(root.token, { useDynamicSigningKey: false });
    expect(decodeProtectedHeader(moved.accessToken.token).kid).toMatch(/^s-/);
    const back = await world.refresh(moved.refreshToken.token, { useDynamicSigningKey: true });
    expect(decodeProtectedHeader(back.accessToken.token).kid).toMatch(/^d-/);
  });

  it('refuses what it did not issue, and a session that is over', async () => {
    const { refreshToken, session } = await world.newSession();
    const changed = `${refreshToken.token.startsWith('A') ? 'B' : 'A'}${refreshToken.token.slice(1)}`;
    for (const token of ['', 'nonsense', 'nonsense.V2', changed, `${refreshToken.token}x`]) {
      expect((await world.refresh(token)).status).toBe('UNAUTHORISED');
    }
    await world.post('/recipe/session/remove', { sessionHandles: [session.handle] });
    expect(await world.refresh(refreshToken.token)).toMatchObject({
      status: 'UNAUTHORISED',
      message: 'Session missing in db or has expired',
    });
  });

  it('needs the anti-CSRF token that came with the session', async () => {
    const { refreshToken, antiCsrfToken } = await world.newSession({ enableAntiCsrf: true });
    expect(antiCsrfToken).toEqual(expect.any(String));
    expect((await world.refresh(refreshToken.token, { enableAntiCsrf: true })).status).toBe('UNAUTHORISED');
    const answer = await world.refresh(refreshToken.token, { enableAntiCsrf: true, antiCsrfToken });
    expect(answer).toMatchObject({ status: 'OK', antiCsrfToken: expect.any(String) });
  });
});

describe('verify', () => {
  it('makes the child the parent at its first use and hands out a token without a parent', async () => {
    const { refreshToken: root } = await world.newSession({ userDataInJWT: { plan: 'free' } });
    const child = await world.refresh(root.token);
    const verified = await world.verify(child.accessToken.token);
    expect(verified.status).toBe('OK');
    expect(decodeJwt(verified.accessToken.token)).toMatchObject({
      parentRefreshTokenHash1: null,
      refreshTokenHash1: decodeJwt(child.accessToken.token).refreshTokenHash1,
      plan: 'free',
    });
    expect((await world.refresh(root.token)).status).toBe('TOKEN_THEFT_DETECTED');
    expect((await world.verify(verified.accessToken.token)).accessToken).toBeUndefined();
    expect((await world.verify(child.accessToken.token)).accessToken).toBeDefined();
  });

  insideOnly.clock('hands the final token out with a whole life before it', async () => {
    const { refreshToken: root } = await world.newSession();
    const child = await world.refresh(root.token);
    world.later(30 * 60_000);
    expect((await world.verify(child.accessToken.token)).accessToken.expiry).toBeGreaterThan(
      child.accessToken.expiry + 20 * 60_000,
    );
  });

  it('tolerates the access token of a branch that lost', async () => {
    const { refreshToken: root } = await world.newSession();
    const winner = await world.refresh(root.token);
    const loser = await world.refresh(root.token);
    await world.verify(winner.accessToken.token);
    const answer = await world.verify(loser.accessToken.token);
    expect(answer.status).toBe('OK');
    expect(answer.accessToken).toBeUndefined();
    expect((await world.refresh(loser.refreshToken.token)).status).toBe('TOKEN_THEFT_DETECTED');
  });

  it('sees changed claims only when it looks into the database', async () => {
    const { accessToken, session } = await world.newSession({ userDataInJWT: { plan: 'free' } });
    await world.put('/recipe/jwt/data', { sessionHandle: session.handle, userDataInJWT: { plan: 'paid' } });
    expect((await world.verify(accessToken.token)).session.userDataInJWT).toEqual({ plan: 'free' });
    const checked = await world.verify(accessToken.token, { checkDatabase: true });
    expect(checked.session.userDataInJWT).toEqual({ plan: 'paid' });
    expect(decodeJwt(checked.accessToken.token).plan).toBe('paid');
  });

  it('sees that a session was ended only when it looks into the database', async () => {
    const { accessToken, session } = await world.newSession();
    await world.post('/recipe/session/remove', { sessionHandles: [session.handle] });
    expect((await world.verify(accessToken.token)).status).toBe('OK');
    expect((await world.verify(accessToken.token, { checkDatabase: true })).status).toBe('UNAUTHORISED');
  });

  it('sends a foreign and a changed token away to refresh', async () => {
    const { accessToken } = await world.newSession();
    const [header, payload, signature] = accessToken.token.split('.') as [string, string, string];
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(accessToken.token), sub: 'bo' })).toString('base64url');
    for (const token of ['nonsense', `${header}.${forged}.${signature}`, `${header}.${payload}.`]) {
      expect((await world.verify(token)).status).toBe('TRY_REFRESH_TOKEN');
    }
  });

  insideOnly.clock('sends an expired token away to refresh', async () => {
    const { accessToken } = await world.newSession();
    world.later(3601_000);
    expect((await world.verify(accessToken.token)).status).toBe('TRY_REFRESH_TOKEN');
  });

  it('checks the anti-CSRF token when asked to', async () => {
    const { accessToken, antiCsrfToken } = await world.newSession({ enableAntiCsrf: true });
    const check = { enableAntiCsrf: true, doAntiCsrfCheck: true };
    expect(await world.verify(accessToken.token, { ...check, antiCsrfToken: 'wrong' })).toMatchObject({
      status: 'TRY_REFRESH_TOKEN',
      message: 'anti-csrf check failed',
    });
    expect((await world.verify(accessToken.token, { ...check, antiCsrfToken })).status).toBe('OK');
  });
});
