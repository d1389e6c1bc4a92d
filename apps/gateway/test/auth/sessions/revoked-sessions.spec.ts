import { Redis } from 'ioredis';
import { AppError } from '@fowergram/contracts-core';
import { accountRpc, sessionRpc, signInRpc, userEvent } from '@fowergram/contracts-user';
import { NATS } from '@fowergram/messaging';
import { eventually } from '@fowergram/testing';
import { type Accounts, claimsOf, openAccounts, refresh, sessionsOf, signIn } from '../../support/accounts.js';
import { CoreProxy } from '../../support/core-proxy.js';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.js';
import { answerSessions } from '../../support/session-record.js';
import { connect } from '../../support/socket.js';
import { openWorld, type TestUser, type World } from '../../support/world.js';

const ME = '{ me { username } }';
const VERIFY = '/recipe/session/verify';

type Token = Pick<TestUser, 'token'>;

describe('A session that was revoked', () => {
  let core: CoreProxy;
  let world: World;
  let accounts: Accounts;
  const others: GatewayProcess[] = [];

  beforeAll(async () => {
    core = await CoreProxy.open();
    world = await openWorld({ SUPERTOKENS_CONNECTION_URI: core.url });
    accounts = await openAccounts(world);
    await world.answer(signInRpc.bySessions, () => []);
  });
  afterEach(() => answerSessions(world, world.sessionRecord));
  afterAll(async () => {
    await Promise.all(others.map((other) => other.stop()));
    await world?.close();
    await core?.close();
  });

  const statusOf = async ({ token }: Token, { url }: { url: string } = world): Promise<number> =>
    (
      await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: ME }),
      })
    ).status;
  const signOut = ({ token }: Token): Promise<Response> =>
    world.post('/auth/signout', {}, { authorization: `Bearer ${token}` });
  const handleOf = ({ token }: Token): string => String(claimsOf(token).sessionHandle);
  const isRecorded = (session: Token): boolean =>
    world.sessionRecord.revocations.some(({ handle }) => handle === handleOf(session));
  const start = async (variables: Record<string, string> = {}): Promise<GatewayProcess> => {
    const other = await startGateway(world, { SUPERTOKENS_CONNECTION_URI: core.url, ...variables });
    others.push(other);
    return other;
  };
  const flushRedis = async (): Promise<void> => {
    const redis = new Redis(world.redis.url);
    await redis.flushall();
    redis.disconnect();
  };
  const away = () => {
    throw new AppError('UNAVAILABLE', 'away');
  };
  const loseTheRecord = async (): Promise<void> => {
    await world.answer(sessionRpc.revoke, away);
    await world.answer(sessionRpc.revoked, away);
  };
  const reconnect = () => world.app.get<{ reconnect: () => Promise<void> }>(NATS).reconnect();

  /** Each ends the session that somebody has, and answers with its token. */
  const endings: Record<string, (user: TestUser) => Promise<Token>> = {
    'a sign-out': async (user) => {
      expect((await signOut(user)).status).toBe(200);
      return user;
    },
    'the end of a session from another device': async (user) => {
      const here = await signIn(world, user);
      const { data } = await world.gql('{ mySessions { id isCurrent } }', {}, { as: { ...user, token: here.token } });
      const { id } = (data.mySessions as { id: string; isCurrent: boolean }[]).find(({ isCurrent }) => !isCurrent)!;
      await world.gql(
        'mutation ($id: ID!) { revokeSession(id: $id) { sessionId } }',
        { id },
        { as: { ...user, token: here.token } },
      );
      return user;
    },
    'the end of all other sessions': async (user) => {
      const here = await signIn(world, user);
      await world.gql('mutation { revokeOtherSessions { sessionIds } }', {}, { as: { ...user, token: here.token } });
      return user;
    },
    'a new password': async (user) => {
      const here = await signIn(world, user);
      const input = { currentPassword: 'correct-horse-1', newPassword: 'another-horse-2' };
      const { errors } = await world.gql(
        'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { account { id } } }',
        { input },
        { as: { ...user, token: here.token } },
      );
      expect(errors).toBeUndefined();
      return user;
    },
    'the theft of a refresh token': async (user) => {
      const fresh = (await refresh(world, user.refreshToken)).headers.get('st-access-token')!;
      const used = await world.gql(ME, {}, { as: { ...user, token: fresh } });
      expect((await refresh(world, user.refreshToken)).status).toBe(401);
      return { token: used.headers.get('st-access-token')! };
    },
    'a ban that is over': async (user) => {
      await accounts.change(user.id, { status: 'BANNED' });
      await eventually(async () => (await sessionsOf(user.id)) === 0);
      await accounts.change(user.id, { status: 'ACTIVE' });
      return user;
    },
    'a deactivation that is over': async (user) => {
      await accounts.change(user.id, { status: 'DEACTIVATED' });
      await eventually(async () => (await sessionsOf(user.id)) === 0);
      expect((await signIn(world, user)).status).toBe(200);
      return user;
    },
    'another role': async (user) => {
      await accounts.change(user.id, { role: 'MODERATOR' });
      await eventually(async () => (await sessionsOf(user.id)) === 0);
      return user;
    },
    'the deletion of the account': async (user) => {
      accounts.set(user.id, { status: 'DELETED' });
      await world.messaging.publish(userEvent.accountDeleted, { userId: user.id });
      await eventually(() => world.callsOf(accountRpc.erasureDone).some(({ input }) => input.userId === user.id));
      return user;
    },
  };

  it('stays so on every gateway, however it ended, after Redis was flushed and a gateway was restarted', async () => {
    const elsewhere = await start();
    const bo = await world.signUp();
    const ended: [string, Token][] = [];
    for (const [name, end] of Object.entries(endings)) {
      const user = await world.signUp();
      expect(await statusOf(user, elsewhere)).toBe(200);
      ended.push([name, await end(user)]);
    }
    await flushRedis();
    const restarted = await start();
    for (const gateway of [world, elsewhere, restarted])
      expect(await Promise.all(ended.map(async ([name, session]) => [name, await statusOf(session, gateway)]))).toEqual(
        ended.map(([name]) => [name, 401]),
      );
    const socket = await connect(restarted, ended[0]![1]);
    expect((await socket.closed).code).toBe(4401);
    expect([await statusOf(bo), await statusOf(bo, elsewhere), await statusOf(bo, restarted)]).toEqual([200, 200, 200]);
  }, 120_000);

  describe('while its end cannot be recorded', () => {
    it('is not acknowledged as over, is refused all the same, and ends for good when the record is back', async () => {
      const [ann, elsewhere] = [await world.signUp(), await start()];
      expect(await statusOf(ann, elsewhere)).toBe(200);
      await loseTheRecord();
      const answer = await signOut(ann);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      await eventually(async () => (await statusOf(ann, elsewhere)) === 401);
      expect([await statusOf(ann), isRecorded(ann), await sessionsOf(ann.id)]).toEqual([401, false, 1]);
      await answerSessions(world, world.sessionRecord);
      await eventually(async () => isRecorded(ann) && (await sessionsOf(ann.id)) === 0);
    }, 60_000);

    it('can be ended once more, by whoever is asked', async () => {
      const ann = await world.signUp();
      await loseTheRecord();
      expect((await signOut(ann)).status).toBe(503);
      await answerSessions(world, world.sessionRecord);
      expect([(await signOut(ann)).status, isRecorded(ann), await sessionsOf(ann.id)]).toEqual([200, true, 0]);
    });
  });

  describe('is not taken for a live one by a gateway that has not read the record', () => {
    it('since it started: it asks the auth core, once for each session', async () => {
      const [ann, bo] = [await world.signUp(), await world.signUp()];
      await signOut(ann);
      await loseTheRecord();
      await flushRedis();
      const restarted = await start();
      core.clearCalls();
      for (let turn = 0; turn < 3; turn++)
        expect([await statusOf(ann, restarted), await statusOf(bo, restarted)]).toEqual([401, 200]);
      // Three times for what has ended, since that is not remembered, and once for what is live.
      expect(core.calls(VERIFY)).toHaveLength(4);
      await answerSessions(world, world.sessionRecord);
      await eventually(async () => {
        core.clearCalls();
        return (await statusOf(await world.signUp(), restarted)) === 200 && core.calls(VERIFY).length === 0;
      });
      expect([await statusOf(ann, restarted), await statusOf(bo, restarted)]).toEqual([401, 200]);
    }, 60_000);

    it('since it started, while the auth core does not answer either: 503', async () => {
      const ann = await world.signUp();
      await signOut(ann);
      await loseTheRecord();
      const coreOfItsOwn = await CoreProxy.open();
      const restarted = await start({ SUPERTOKENS_CONNECTION_URI: coreOfItsOwn.url });
      coreOfItsOwn.loseNextCall(VERIFY);
      expect(await statusOf(ann, restarted)).toBe(503);
      await coreOfItsOwn.close();
      expect(await statusOf(ann, restarted)).toBe(503);
    }, 60_000);

    it('since it was cut off from NATS: what it had verified before, it verifies anew', async () => {
      const [ann, bo] = [await world.signUp(), await world.signUp()];
      expect([await statusOf(ann), await statusOf(bo)]).toEqual([200, 200]);
      await loseTheRecord();
      await reconnect();
      core.clearCalls();
      await eventually(async () => {
        await statusOf(bo);
        return core.calls(VERIFY).length === 1;
      });
      for (let turn = 0; turn < 3; turn++) expect([await statusOf(ann), await statusOf(bo)]).toEqual([200, 200]);
      expect(core.calls(VERIFY)).toHaveLength(2);
    });
  });

  it('of which there were more than a message holds is known to a gateway that starts', async () => {
    const ann = await world.signUp();
    const handles = Array.from({ length: 4_500 }, (_, n) => `ended-${n}`);
    world.sessionRecord.revoke({ handles: [...handles.slice(0, 4_200), handleOf(ann), ...handles.slice(4_200)] });
    const restarted = await start();
    core.clearCalls();
    expect([await statusOf(ann, restarted), core.calls(VERIFY)]).toEqual([401, []]);
  }, 60_000);
});
