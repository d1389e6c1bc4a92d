import { AppError } from '@fowergram/contracts-core';
import { mailRpc } from '@fowergram/contracts-notification';
import { accountRpc, secondFactorRpc, signInRpc } from '@fowergram/contracts-user';
import { eventually } from '@fowergram/testing';
import {
  createNewSessionWithoutRequestResponse,
  getAllSessionHandlesForUser,
  revokeAllSessionsForUser,
  updateSessionDataInDatabase,
} from 'supertokens-node/recipe/session';
import { RecipeUserId } from 'supertokens-node';
import {
  type Accounts,
  claimsOf,
  cookiesOf,
  openAccounts,
  refresh,
  sessionsOf,
  signIn,
} from '../../support/accounts.js';
import { failureBody } from '../../support/failure-body.js';
import { connect } from '../../support/socket.js';
import { anAddress, openWorld, type TestUser, type World } from '../../support/world.js';

const ME = '{ me { username } }';
const CLAIM = { id: '2fa', reason: expect.objectContaining({ message: 'wrong value' }) };
const HALF = failureBody({ message: 'invalid claim', claimValidationErrors: [CLAIM] }, 'FORBIDDEN');

interface Answer {
  status: number;
  body: {
    code?: string;
    reason?: string;
    state?: string;
    enrolled?: boolean;
    recoveryCodes?: string[];
    status?: string;
  };
  headers: Headers;
  token: string | null;
}

describe('the second factor', () => {
  let world: World;
  let accounts: Accounts;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    accounts = await openAccounts(world);
    await answerSecondFactors();
    ann = await world.signUp();
    world.clearCalls();
  });

  /** The factors of the user service: a code is right once, and one of them is a recovery code. */
  async function answerSecondFactors(): Promise<void> {
    const used = new Set<string>();
    const take = (userId: string, code: string): void => {
      if (!['111111', '222222', 'recovery-1'].includes(code) || used.has(userId + code))
        throw new AppError('BAD_USER_INPUT', 'This code is not right.', { reason: 'WRONG_CODE', path: ['code'] });
      used.add(userId + code);
    };
    const recoveryCodes = ['recovery-1', 'recovery-2'];
    await world.answer(secondFactorRpc.start, ({ accountName }) => ({
      secret: 'SECRET',
      uri: `otpauth://totp/${accountName}`,
    }));
    await world.answer(secondFactorRpc.confirm, ({ userId, code }) => {
      take(userId, code);
      accounts.set(userId, { secondFactor: 'ON' });
      return { recoveryCodes };
    });
    await world.answer(secondFactorRpc.check, ({ userId, code }) => {
      take(userId, code);
      return { usedRecoveryCode: code.startsWith('recovery'), recoveryCodesLeft: 7 };
    });
    await world.answer(secondFactorRpc.renewRecoveryCodes, ({ userId, code }) => {
      take(userId, code);
      return { recoveryCodes };
    });
    await world.answer(secondFactorRpc.remove, ({ userId, code }) => {
      take(userId, code);
      accounts.set(userId, { secondFactor: accounts.of(userId).role === 'USER' ? 'OFF' : 'REQUIRED' });
      return {};
    });
  }

  async function call(token: string, path = '', body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${world.url}/auth/second-factor${path}`, {
      method: path === '' ? 'GET' : 'POST',
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        'x-forwarded-for': anAddress(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      body: (await response.json()) as Answer['body'],
      headers: response.headers,
      token: response.headers.get('st-access-token'),
    };
  }

  const verify = (token: string, code = '111111') => call(token, '/verify', { code });
  const recorded = () => world.callsOf(signInRpc.record).map(({ input }) => input);
  const mailed = (template: string) =>
    world.callsOf(mailRpc.send).filter(({ input }) => input.content.template === template);
  const isLive = async (token: string) => (await world.gql(ME, {}, { as: { ...ann, token } })).status === 200;
  const pending = async (headers: Record<string, string> = {}) => {
    accounts.set(ann.id, { secondFactor: 'ON' });
    return signIn(world, ann, headers);
  };

  describe('that a sign-in waits for', () => {
    it('is said by the session, which is not in the history yet', async () => {
      const { token } = await pending();
      expect(claimsOf(token)['2fa']).toMatchObject({ v: 'pending' });
      expect(recorded()).toEqual([]);
      expect((await call(token)).body).toEqual({ state: 'pending', enrolled: true });
    });

    it('keeps everything else closed', async () => {
      const { token } = await pending();
      const graphql = await world.post('/graphql', { query: ME }, { authorization: `Bearer ${token}` });
      expect([graphql.status, await graphql.json()]).toEqual([403, HALF]);
      expect((await (await connect(world, { token })).closed).code).toBe(4403);
      for (const path of ['/enrol', '/confirm', '/recovery-codes', '/disable']) {
        const { status, body } = await call(token, path, { code: '111111' });
        expect([path, status, body]).toEqual([path, 403, HALF]);
      }
      expect(world.callsOf(secondFactorRpc.confirm)).toEqual([]);
    });

    it('is not yet a place where its owner is signed in', async () => {
      await world.answer(signInRpc.bySessions, () => []);
      const { token } = await pending();
      const listed = (await world.gql('{ mySessions { id } }', {}, { as: ann })).data.mySessions as { id: string }[];
      expect(listed.map(({ id }) => id)).toEqual([claimsOf(ann.token).sessionHandle]);
      expect(await sessionsOf(ann.id)).toBe(2);
      await verify(token);
      expect((await world.gql('{ mySessions { id } }', {}, { as: ann })).data.mySessions).toHaveLength(2);
    });

    it('lets a half-signed-in session refresh, which helps it no further, and sign out', async () => {
      const half = await pending();
      const renewed = (await refresh(world, half.refreshToken)).headers.get('st-access-token')!;
      expect((await world.post('/graphql', { query: ME }, { authorization: `Bearer ${renewed}` })).status).toBe(403);
      expect((await world.post('/auth/signout', {}, { authorization: `Bearer ${renewed}` })).status).toBe(200);
      expect(await sessionsOf(ann.id)).toBe(1);
    });

    it('lets somebody begin again while an old half-signed-in session is still about', async () => {
      const half = await pending();
      expect((await signIn(world, ann, { authorization: `Bearer ${half.token}` })).body.status).toBe('OK');
    });

    it('opens everything with a right code, and then the sign-in is in the history', async () => {
      const half = await pending();
      const answer = await verify(half.token);
      expect([answer.status, answer.body, claimsOf(answer.token!)['2fa']]).toEqual([
        200,
        { status: 'OK' },
        expect.objectContaining({ v: 'done' }),
      ]);
      expect([await isLive(answer.token!), (await call(answer.token!)).body.state]).toEqual([true, 'done']);
      expect(recorded()).toMatchObject([
        { userId: ann.id, method: 'PASSWORD', outcome: 'SIGNED_IN', sessionHandle: claimsOf(half.token).sessionHandle },
      ]);
    });

    it('stays open after a refresh', async () => {
      const half = await pending();
      await verify(half.token);
      expect(await isLive((await refresh(world, half.refreshToken)).headers.get('st-access-token')!)).toBe(true);
    });

    it('works with cookies, and sets the new one', async () => {
      const cookie = cookiesOf(await pending({ 'st-auth-mode': 'cookie' }));
      const { headers } = await call('', '/verify', { code: '111111' }, { cookie, rid: 'session' });
      const fresh = headers.getSetCookie().find((each) => each.startsWith('sAccessToken='))!;
      expect(
        (await world.gql(ME, {}, { headers: { cookie: fresh.split(';', 1)[0]!, rid: 'session' } })).data.me.username,
      ).toBe(ann.username);
    });

    it('answers the same when the answer was lost, without another code', async () => {
      const half = await pending();
      await verify(half.token);
      const again = await verify(half.token);
      expect([
        again.status,
        await isLive(again.token!),
        world.callsOf(secondFactorRpc.check).length,
        recorded().length,
      ]).toEqual([200, true, 1, 1]);
    });

    it('refuses a wrong code, and writes it down', async () => {
      const half = await pending();
      const { status, body, token } = await verify(half.token, '999999');
      expect([status, body.code, body.reason, token]).toEqual([400, 'BAD_USER_INPUT', 'WRONG_CODE', null]);
      expect(recorded()).toMatchObject([
        { userId: ann.id, method: 'PASSWORD', outcome: 'WRONG_CODE', sessionHandle: null },
      ]);
      expect(await isLive(half.token)).toBe(false);
    });

    it.each([
      ['no body', undefined],
      ['no code', {}],
      ['a code that is no text', { code: 111_111 }],
      ['a code of 10 kB', { code: '1'.repeat(10_000) }],
      ['a list', []],
    ])('refuses %s', async (_name, body) => {
      const half = await pending();
      expect([(await call(half.token, '/verify', body)).status, world.callsOf(secondFactorRpc.check).length]).toEqual([
        400, 0,
      ]);
    });

    it('tells the owner of a recovery code that was used, and of a new device', async () => {
      const before = world.handlerOf(signInRpc.record);
      await world.answer(signInRpc.record, () => ({ isNewDevice: true, device: 'Safari on iOS' }));
      await verify((await pending()).token, 'recovery-1');
      await world.answer(signInRpc.record, before);
      await eventually(() => mailed('recovery-code-used').length === 1 && mailed('new-sign-in').length === 1);
      expect(mailed('recovery-code-used')[0]!.input).toMatchObject({ to: ann.email, content: { values: { left: 7 } } });
    });

    it('reactivates a deactivated account with the code and not before', async () => {
      accounts.set(ann.id, { status: 'DEACTIVATED' });
      const half = await pending();
      expect(world.callsOf(accountRpc.reactivate)).toEqual([]);
      const { token } = await verify(half.token);
      expect([accounts.of(ann.id).status, await isLive(token!)]).toEqual(['ACTIVE', true]);
    });

    it('lets a half-signed-in session of a resting account go on after a refresh', async () => {
      await accounts.change(ann.id, { status: 'DEACTIVATED' });
      await eventually(async () => (await sessionsOf(ann.id)) === 0);
      const half = await pending();
      const renewed = (await refresh(world, half.refreshToken)).headers.get('st-access-token')!;
      expect((await verify(renewed)).status).toBe(200);
    });

    it('lets nobody in who was banned meanwhile', async () => {
      const half = await pending();
      accounts.set(ann.id, { status: 'BANNED' });
      const { status, body, token } = await verify(half.token);
      expect([status, body.reason, token]).toEqual([403, 'ACCOUNT_BANNED', null]);
      await revokeAllSessionsForUser(ann.id);
      expect((await verify(half.token, '222222')).status).toBe(401);
    });

    it('lets nobody in while the user service is away', async () => {
      const half = await pending();
      await world.answer(secondFactorRpc.check, () => {
        throw new AppError('UNAVAILABLE', 'away');
      });
      expect([(await verify(half.token)).status, await isLive(half.token)]).toEqual([503, false]);
    });
  });

  describe('that somebody sets up', () => {
    it('begins with a secret, and is on after a code of it: here at once, and elsewhere everybody is out', async () => {
      const elsewhere = await signIn(world, ann);
      expect((await call(ann.token)).body).toEqual({ state: 'off', enrolled: false });
      const enrolment = await call(ann.token, '/enrol');
      expect([enrolment.status, enrolment.body, enrolment.headers.get('cache-control')]).toEqual([
        200,
        { secret: 'SECRET', uri: `otpauth://totp/${ann.email}` },
        'no-store',
      ]);
      const { status, body, token } = await call(ann.token, '/confirm', { code: '111111' });
      expect([status, body.recoveryCodes]).toEqual([200, ['recovery-1', 'recovery-2']]);
      expect((await call(token!)).body).toEqual({ state: 'done', enrolled: true });
      expect([await isLive(token!), await isLive(elsewhere.token), await sessionsOf(ann.id)]).toEqual([true, false, 1]);
      await eventually(() => mailed('second-factor-on').length === 1);
    });

    it('shows the recovery codes also when nothing else works any more', async () => {
      await revokeAllSessionsForUser(ann.id);
      const other = await signIn(world, ann);
      const before = world.handlerOf(secondFactorRpc.confirm);
      await world.answer(secondFactorRpc.confirm, async (input, envelope) => {
        const codes = await before(input, envelope);
        await revokeAllSessionsForUser(ann.id);
        return codes;
      });
      const { status, body } = await call(other.token, '/confirm', { code: '111111' });
      expect([status, body.recoveryCodes]).toEqual([200, ['recovery-1', 'recovery-2']]);
    });

    it('needs the password or a session younger than ten minutes', async () => {
      const now = Date.now;
      Date.now = () => now() + 11 * 60_000;
      try {
        const asked = await call(ann.token, '/enrol');
        expect([asked.status, asked.body.reason]).toEqual([403, 'REAUTHENTICATE']);
        const wrong = await call(ann.token, '/enrol', { password: 'wrong-horse-1' });
        expect([wrong.status, wrong.body.reason]).toEqual([400, 'WRONG_PASSWORD']);
        expect((await call(ann.token, '/enrol', { password: 'correct-horse-1' })).status).toBe(200);
      } finally {
        Date.now = now;
      }
      expect(world.callsOf(secondFactorRpc.start)).toHaveLength(1);
    });

    it('because the role demands it is the only thing that a session may do', async () => {
      accounts.set(ann.id, { role: 'ADMIN', secondFactor: 'REQUIRED' });
      const half = await signIn(world, ann);
      expect([(await call(half.token)).body, await isLive(half.token), recorded()]).toEqual([
        { state: 'enrol', enrolled: false },
        false,
        [],
      ]);
      expect((await call(half.token, '/enrol')).status).toBe(200);
      const { token } = await call(half.token, '/confirm', { code: '111111' });
      expect([await isLive(token!), await isLive(half.token)]).toEqual([true, false]);
      expect(recorded()).toMatchObject([{ outcome: 'SIGNED_IN', method: 'PASSWORD' }]);
    });
  });

  describe('that is on', () => {
    let token: string;
    beforeEach(async () => {
      token = (await verify((await pending()).token)).token!;
      world.clearCalls();
    });

    it('gives new recovery codes for a code', async () => {
      expect((await call(token, '/recovery-codes', { code: '999999' })).status).toBe(400);
      expect((await call(token, '/recovery-codes', { code: '222222' })).body.recoveryCodes).toEqual([
        'recovery-1',
        'recovery-2',
      ]);
    });

    it('is turned off with a code, and its owner is notified by mail', async () => {
      const off = await call(token, '/disable', { code: '222222' });
      expect([off.status, off.body, (await call(off.token!)).body]).toEqual([
        200,
        { status: 'OK' },
        { state: 'off', enrolled: false },
      ]);
      await eventually(() => mailed('second-factor-off').length === 1);
      expect(claimsOf((await signIn(world, ann)).token)['2fa']).toMatchObject({ v: 'off' });
    });

    it('stays on when the code is wrong, and nobody is notified', async () => {
      const { status, body } = await call(token, '/disable', { code: '999999' });
      expect([status, body.reason, mailed('second-factor-off').length, await isLive(token)]).toEqual([
        400,
        'WRONG_CODE',
        0,
        true,
      ]);
    });

    it('has to be set up again before anything else when it was turned off though the role demands it', async () => {
      accounts.set(ann.id, { role: 'ADMIN', secondFactor: 'ON' });
      const admin = await verify((await signIn(world, ann)).token, '222222');
      const off = await call(admin.token!, '/disable', { code: 'recovery-1' });
      expect([off.status, (await call(off.token!)).body, await isLive(off.token!)]).toEqual([
        200,
        { state: 'enrol', enrolled: false },
        false,
      ]);
    });
  });

  describe('and its endpoints', () => {
    it('wants a session at each of them', async () => {
      for (const path of ['', '/enrol', '/confirm', '/verify', '/recovery-codes', '/disable'])
        expect([path, (await call('', path)).status]).toEqual([path, 401]);
    });

    it.each([
      ['without anything that a script alone can send', 403, { 'content-type': 'text/plain' }],
      [
        'from a foreign page',
        403,
        { 'content-type': 'application/json', rid: 'session', origin: 'https://evil.example' },
      ],
    ])('takes no cookies %s', async (_name, status, headers) => {
      const cookie = cookiesOf(await pending({ 'st-auth-mode': 'cookie' }));
      expect([
        (await call('', '/verify', { code: '111111' }, { cookie, ...headers })).status,
        world.callsOf(secondFactorRpc.check).length,
      ]).toEqual([status, 0]);
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
      'takes no %s',
      async (type) => {
        const cookie = cookiesOf(await pending({ 'st-auth-mode': 'cookie' }));
        const body = type.includes('urlencoded') ? 'code=111111' : JSON.stringify({ code: '111111' });
        const response = await fetch(`${world.url}/auth/second-factor/verify`, {
          method: 'POST',
          headers: { cookie, rid: 'session', 'content-type': type },
          body,
        });
        expect([response.status, world.callsOf(secondFactorRpc.check).length]).toEqual([415, 0]);
      },
    );
  });

  describe('of a session from before there was one', () => {
    const old = async () => {
      const session = await createNewSessionWithoutRequestResponse('public', new RecipeUserId(ann.id));
      const handles = await getAllSessionHandlesForUser(ann.id);
      await session.removeClaim({ key: '2fa', removeFromPayloadByMerge_internal: () => ({ '2fa': null }) } as never);
      await updateSessionDataInDatabase(handles.at(-1)!, {});
      return session.getAccessToken();
    };

    it('is off, and said so from the next request on', async () => {
      const token = await old();
      expect(claimsOf(token)['2fa']).toBeUndefined();
      const { status, headers } = await world.gql(ME, {}, { as: { ...ann, token } });
      expect([status, claimsOf(headers.get('st-access-token')!)['2fa']]).toEqual([
        200,
        expect.objectContaining({ v: 'off' }),
      ]);
    });

    it('is asked for when the account has one', async () => {
      const token = await old();
      accounts.set(ann.id, { secondFactor: 'ON' });
      expect((await world.post('/graphql', { query: ME }, { authorization: `Bearer ${token}` })).status).toBe(403);
      expect((await verify(token)).status).toBe(200);
    });

    it('is not guessed while the user service is away', async () => {
      const token = await old();
      await world.answer(accountRpc.state, () => {
        throw new AppError('UNAVAILABLE', 'away');
      });
      expect((await world.post('/graphql', { query: ME }, { authorization: `Bearer ${token}` })).status).toBe(503);
    });
  });
});
