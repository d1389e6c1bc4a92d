import { AppError } from '@fowergram/contracts-core';
import { mailRpc } from '@fowergram/contracts-notification';
import { accountRpc, signInRpc, userEvent } from '@fowergram/contracts-user';
import { NATS } from '@fowergram/messaging';
import { eventually } from '@fowergram/testing';
import {
  type Accounts,
  claimsOf,
  cookiesOf,
  openAccounts,
  refresh,
  sessionsOf,
  signIn,
} from '../../support/accounts.js';
import { connect } from '../../support/socket.js';
import { failureBody } from '../../support/failure-body.js';
import { anAddress, openWorld, type TestUser, type World } from '../../support/world.js';

const ME = '{ me { username } }';

describe('a session', () => {
  let world: World;
  let accounts: Accounts;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    accounts = await openAccounts(world);
    ann = await world.signUp();
    world.clearCalls();
  });

  const recorded = () => world.callsOf(signInRpc.record).map(({ input }) => input);
  const mailed = (template: string) =>
    world.callsOf(mailRpc.send).filter(({ input }) => input.content.template === template);
  const isLive = async (token: string) => (await world.gql(ME, {}, { as: { ...ann, token } })).status === 200;

  describe('when it begins', () => {
    it('says in its token what its owner may do, and that nothing more is asked', async () => {
      accounts.set(ann.id, { role: 'MODERATOR' });
      expect(claimsOf((await signIn(world, ann)).token)).toMatchObject({
        sub: ann.id,
        role: 'MODERATOR',
        '2fa': { v: 'off' },
      });
    });

    it('is a line in the history, with its handle and where it comes from', async () => {
      const { token } = await signIn(world, ann, { 'x-forwarded-for': '203.0.113.7', 'user-agent': 'Firefox/1' });
      expect(recorded()).toEqual([
        {
          userId: ann.id,
          client: { ipAddress: '203.0.113.7', userAgent: 'Firefox/1' },
          method: 'PASSWORD',
          outcome: 'SIGNED_IN',
          sessionHandle: claimsOf(token).sessionHandle,
        },
      ]);
      world.clearCalls();
      const bo = await world.signUp();
      expect(recorded()).toMatchObject([
        { userId: bo.id, outcome: 'SIGNED_UP', sessionHandle: claimsOf(bo.token).sessionHandle },
      ]);
    });

    it('on a new device is notified by mail, on a known one and at the sign-up it is not', async () => {
      const before = world.handlerOf(signInRpc.record);
      await signIn(world, ann);
      await world.answer(signInRpc.record, () => ({ isNewDevice: true, device: 'Safari on iOS' }));
      await world.signUp();
      await signIn(world, ann, { 'x-forwarded-for': '203.0.113.8' });
      await world.answer(signInRpc.record, before);
      await eventually(() => mailed('new-sign-in').length === 1);
      expect(mailed('new-sign-in')[0]!.input).toMatchObject({
        to: ann.email,
        content: { values: { device: 'Safari on iOS', ipAddress: '203.0.113.8' } },
      });
    });

    it('does not depend on the history', async () => {
      const before = world.handlerOf(signInRpc.record);
      await world.answer(signInRpc.record, () => {
        throw new AppError('INTERNAL', 'broken');
      });
      expect((await signIn(world, ann)).body.status).toBe('OK');
      await world.answer(signInRpc.record, before);
    });

    it.each([
      ['SUSPENDED', 'ACCOUNT_SUSPENDED'],
      ['BANNED', 'ACCOUNT_BANNED'],
      ['DELETED', 'ACCOUNT_DELETED'],
    ] as const)('is refused to a %s account with the reason, and leaves no session', async (status, reason) => {
      accounts.set(ann.id, { status });
      const { status: http, body, token } = await signIn(world, ann);
      expect([http, body.code, body.reason, token]).toEqual([403, 'FORBIDDEN', reason, '']);
      expect([await sessionsOf(ann.id), recorded()]).toEqual([1, []]);
    });

    it('says when a suspension ends', async () => {
      accounts.set(ann.id, { status: 'SUSPENDED', suspendedUntil: new Date(Date.now() + 60_000).toISOString() });
      const { headers, body } = await signIn(world, ann);
      expect(body.retryAfterSeconds).toBeGreaterThan(50);
      expect(headers.get('retry-after')).toBe(String(body.retryAfterSeconds));
    });

    it('is refused while nobody can say who is restricted', async () => {
      await world.answer(accountRpc.state, () => {
        throw new AppError('UNAVAILABLE', 'away');
      });
      expect((await signIn(world, ann)).status).toBe(503);
      expect(await sessionsOf(ann.id)).toBe(1);
    });

    it.each([
      ['is banned', { status: 'BANNED' }, 403],
      ['gets another role', { role: 'ADMIN' }, 503],
      ['gets a second factor', { secondFactor: 'ON' }, 503],
    ] as const)('does not stay when its owner %s while it is being made', async (_name, given, status) => {
      await accounts.changeAfter(1, ann.id, given);
      const answer = await signIn(world, ann);
      expect([answer.status, answer.token]).toEqual([status, '']);
      await eventually(async () => (await sessionsOf(ann.id)) <= 1);
      expect(recorded()).toEqual([]);
    });

    it('does not stay when the second question is not answered', async () => {
      let questions = 0;
      await world.answer(accountRpc.state, ({ userId }) => {
        if (userId === ann.id && ++questions === 2) throw new AppError('UNAVAILABLE', 'away');
        return accounts.of(userId);
      });
      expect((await signIn(world, ann)).status).toBe(503);
      expect([questions, await sessionsOf(ann.id)]).toEqual([2, 1]);
    });

    it('ends with a ban that comes after all questions were answered', async () => {
      await accounts.changeAfter(2, ann.id, { status: 'BANNED' });
      const { token } = await signIn(world, ann);
      await eventually(async () => (await sessionsOf(ann.id)) === 0);
      expect(await isLive(token)).toBe(false);
    });

    it('reactivates a deactivated account, and goes on when the event of its deactivation comes late', async () => {
      const { role, version } = accounts.set(ann.id, { status: 'DEACTIVATED' });
      const at = new Date().toISOString();
      const { token } = await signIn(world, ann);
      expect([accounts.of(ann.id).status, world.callsOf(accountRpc.reactivate).length]).toEqual(['ACTIVE', 1]);
      await world.messaging.publish(userEvent.accountChanged, {
        userId: ann.id,
        role,
        status: 'DEACTIVATED',
        isPrivate: false,
        version,
        at,
      });
      await eventually(async () => (await sessionsOf(ann.id)) === 1);
      expect([await isLive(token), await isLive(ann.token)]).toEqual([true, false]);
    });

    it('does not stay when the account cannot be reactivated', async () => {
      accounts.set(ann.id, { status: 'DEACTIVATED' });
      await world.answer(accountRpc.reactivate, () => {
        throw new AppError('UNAVAILABLE', 'away');
      });
      expect((await signIn(world, ann)).status).toBe(503);
      expect([await sessionsOf(ann.id), recorded()]).toEqual([1, []]);
    });
  });

  describe('when it is renewed', () => {
    it('notes where it is used now', async () => {
      await refresh(world, ann.refreshToken, { 'x-forwarded-for': '203.0.113.9' });
      await eventually(() => world.callsOf(signInRpc.touch).length === 1);
      expect(world.callsOf(signInRpc.touch)[0]!.input).toMatchObject({
        userId: ann.id,
        sessionHandle: claimsOf(ann.token).sessionHandle,
        client: { ipAddress: '203.0.113.9' },
      });
    });

    it.each(['SUSPENDED', 'BANNED', 'DELETED', 'DEACTIVATED'] as const)(
      'is over for a %s account, also when no word of it came',
      async (status) => {
        accounts.set(ann.id, { status });
        const answer = await refresh(world, ann.refreshToken);
        expect([answer.status, await answer.json()]).toEqual([401, failureBody({ message: 'unauthorised' })]);
        expect([
          answer.headers.get('st-access-token') || null,
          await sessionsOf(ann.id),
          await isLive(ann.token),
        ]).toEqual([null, 0, false]);
      },
    );

    it('goes on while the user service is away', async () => {
      await world.answer(accountRpc.state, () => {
        throw new AppError('UNAVAILABLE', 'away');
      });
      expect((await refresh(world, ann.refreshToken)).status).toBe(200);
    });

    it('works from five tabs at once, and each of them goes on', async () => {
      const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(world, ann.refreshToken)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      for (const { headers } of answers) expect(await isLive(headers.get('st-access-token')!)).toBe(true);
    });

    it('works again after an answer that never came', async () => {
      await refresh(world, ann.refreshToken);
      const again = await refresh(world, ann.refreshToken);
      expect(await isLive(again.headers.get('st-access-token')!)).toBe(true);
    });

    describe('with a token that was used up', () => {
      const steal = async () => {
        const fresh = await refresh(world, ann.refreshToken);
        const token = fresh.headers.get('st-access-token')!;
        // With its first use the new pair takes the place of the old one.
        const finalToken = (await world.gql(ME, {}, { as: { ...ann, token } })).headers.get('st-access-token')!;
        return { fresh: fresh.headers.get('st-refresh-token')!, finalToken };
      };

      it('is over at once for the thief and for its owner, on sockets too', async () => {
        const { fresh, finalToken } = await steal();
        const socket = await connect(world, { token: finalToken });
        const theft = await refresh(world, ann.refreshToken);
        expect([theft.status, await theft.json()]).toEqual([401, failureBody({ message: 'token theft detected' })]);
        expect([await isLive(finalToken), await isLive(ann.token), (await refresh(world, fresh)).status]).toEqual([
          false,
          false,
          401,
        ]);
        expect([(await socket.closed).code, await sessionsOf(ann.id)]).toEqual([4401, 0]);
      });

      it('tells its owner', async () => {
        await steal();
        await refresh(world, ann.refreshToken, { 'x-forwarded-for': '203.0.113.66', 'user-agent': 'Thief/1' });
        expect(recorded()).toEqual([
          {
            userId: ann.id,
            client: { ipAddress: '203.0.113.66', userAgent: 'Thief/1' },
            method: null,
            outcome: 'TOKEN_REUSED',
            sessionHandle: null,
          },
        ]);
        await eventually(() => mailed('session-theft').length === 1);
        expect(mailed('session-theft')[0]!.input).toMatchObject({
          to: ann.email,
          content: { values: { ipAddress: '203.0.113.66' } },
        });
      });

      it('clears the cookies of a browser', async () => {
        const own = await signIn(world, ann, { 'st-auth-mode': 'cookie' });
        const old = cookiesOf(own);
        const renew = (cookie: string) =>
          fetch(`${world.url}/auth/session/refresh`, {
            method: 'POST',
            headers: { cookie, rid: 'session', 'x-forwarded-for': anAddress() },
          });
        const fresh = cookiesOf(await renew(old));
        await world.gql(ME, {}, { headers: { cookie: fresh, rid: 'session' } });
        const theft = await renew(old);
        expect([
          theft.status,
          theft.headers.getSetCookie().filter((cookie) => /^s\w+Token=;.*1970/.test(cookie)).length,
        ]).toEqual([401, 2]);
      });
    });
  });

  it('that ended while the word could not go round is over with the next connection', async () => {
    world.sessionRecord.revoke({ handles: [String(claimsOf(ann.token).sessionHandle)] });
    await world.app.get<{ reconnect: () => Promise<void> }>(NATS).reconnect();
    await eventually(async () => !(await isLive(ann.token)));
  });

  it('that was recorded late, under the time of a minute ago, is over within seconds', async () => {
    const atFirst = new Date(Date.now() - 50_000).toISOString();
    world.sessionRecord.revoke({ handles: [String(claimsOf(ann.token).sessionHandle)] }, atFirst);
    await eventually(async () => !(await isLive(ann.token)));
  });

  it('that ends takes its own token with it, and no other', async () => {
    const other = await signIn(world, ann);
    await world.post('/auth/signout', {}, { authorization: `Bearer ${ann.token}` });
    expect([await isLive(ann.token), await isLive(other.token)]).toEqual([false, true]);
  });
});
