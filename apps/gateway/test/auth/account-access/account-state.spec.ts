import { deleteUser, getUser } from 'supertokens-node';
import EmailPassword from 'supertokens-node/recipe/emailpassword';
import { AppError } from '@fowergram/contracts-core';
import { accountRpc, type AccountStatus, userEvent, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { NATS } from '@fowergram/messaging';
import { eventually } from '@fowergram/testing';
import { type Accounts, openAccounts, refresh, sessionsOf, signIn } from '../../support/accounts.js';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.js';
import { connect } from '../../support/socket.js';
import { openWorld, type TestUser, signUpForm, type World } from '../../support/world.js';

const ME = '{ me { username } }';

describe('the state of an account', () => {
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
    expect(await statusOf(ann.token)).toBe(200);
    world.clearCalls();
  });

  async function statusOf(token: string, url = world.url): Promise<number> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: ME }),
    });
    return response.status;
  }
  const listed = (status: AccountStatus, version = 1) =>
    world.answer(accountRpc.denylist, () => ({ accounts: [{ userId: ann.id, status, version }], hasMore: false }));
  const reconnect = () => world.app.get<{ reconnect: () => Promise<void> }>(NATS).reconnect();

  it.each([
    ['SUSPENDED', 4403],
    ['BANNED', 4403],
    ['DELETED', 4401],
    ['DEACTIVATED', 4401],
  ] as const)(
    'when it becomes %s closes the sockets with %i, ends the token within a second, and the sessions',
    async (status, code) => {
      const socket = await connect(world, ann);
      const startedAt = Date.now();
      await accounts.change(ann.id, { status });
      expect((await socket.closed).code).toBe(code);
      await eventually(async () => (await statusOf(ann.token)) === 401);
      expect(Date.now() - startedAt).toBeLessThan(1_000);
      await eventually(async () => (await sessionsOf(ann.id)) === 0);
      expect((await (await connect(world, ann)).closed).code).toBe(status === 'DEACTIVATED' ? 4401 : code);
      expect((await refresh(world, ann.refreshToken)).status).toBe(401);
    },
  );

  it('refuses a token that this process has verified before, without asking anybody', async () => {
    await accounts.change(ann.id, { status: 'BANNED' });
    await eventually(async () => (await statusOf(ann.token)) === 401);
    await eventually(async () => (await sessionsOf(ann.id)) === 0);
    world.clearCalls();
    for (let i = 0; i < 5; i++) expect(await statusOf(ann.token)).toBe(401);
    expect(world.callsOf(accountRpc.state)).toEqual([]);
  });

  it('closes a socket that is just being opened', async () => {
    // Nobody has looked for the profile of this account yet: the first request does.
    const email = `${newId()}@example.com`;
    const made = await EmailPassword.signUp('public', email, 'correct-horse-1');
    const userId = made.status === 'OK' ? made.user.id : '';
    const { token } = await signIn(world, { email });
    const before = world.handlerOf(userRpc.profilesByIds);
    await world.answer(userRpc.profilesByIds, async (input, envelope) => {
      await accounts.change(userId, { status: 'BANNED' });
      await eventually(async () => (await sessionsOf(userId)) === 0);
      return before(input, envelope);
    });
    expect((await (await connect(world, { token })).closed).code).toBe(4403);
    await world.answer(userRpc.profilesByIds, before);
  });

  it('closes no sockets and ends no sessions of others', async () => {
    const bo = await world.signUp();
    const [socket, others] = [await connect(world, ann), await connect(world, bo)];
    await accounts.change(ann.id, { status: 'BANNED' });
    await socket.closed;
    expect((await others.run(ME)).data).toEqual([{ me: { username: bo.username } }]);
    await others.close();
  });

  it('lets somebody in again who was reinstated, with a new session', async () => {
    await accounts.change(ann.id, { status: 'BANNED' });
    await eventually(async () => (await sessionsOf(ann.id)) === 0);
    await accounts.change(ann.id, { status: 'ACTIVE' });
    const { token } = await signIn(world, ann);
    await eventually(async () => (await statusOf(token)) === 200);
    expect(await statusOf(ann.token)).toBe(401);
  });

  it('is not undone by news that come late', async () => {
    const bo = await world.signUp();
    accounts.set(ann.id, { status: 'BANNED' });
    accounts.set(ann.id, { status: 'ACTIVE' });
    const push = (version: number, status: AccountStatus) =>
      world.messaging.publish(userEvent.accountChanged, {
        userId: ann.id,
        role: 'USER',
        status,
        isPrivate: false,
        version,
        at: '2026-01-01T00:00:00.000Z',
      });
    await push(2, 'ACTIVE');
    await push(1, 'BANNED');
    // What comes behind it is heard behind it.
    const socket = await connect(world, bo);
    await accounts.change(bo.id, { status: 'BANNED' });
    await socket.closed;
    expect(await statusOf(ann.token)).toBe(200);
  });

  it('ends the sessions of another role, and only those', async () => {
    const socket = await connect(world, ann);
    await accounts.change(ann.id, { role: 'MODERATOR' });
    expect((await socket.closed).code).toBe(4401);
    expect(await statusOf(ann.token)).toBe(401);
    const { token } = await signIn(world, ann);
    await accounts.change(ann.id, { role: 'MODERATOR' });
    const bo = await world.signUp();
    await accounts.change(bo.id, { role: 'ADMIN' });
    await eventually(async () => (await sessionsOf(bo.id)) === 0);
    expect([await sessionsOf(ann.id), await statusOf(token)]).toEqual([1, 200]);
  });

  describe('when the word of it is lost', () => {
    it('is noticed all the same', async () => {
      const socket = await connect(world, ann);
      accounts.set(ann.id, { status: 'BANNED' });
      await listed('BANNED');
      expect([(await socket.closed).code, await statusOf(ann.token)]).toEqual([4403, 401]);
    });

    it('is noticed when the connection to NATS is there again', async () => {
      await listed('BANNED');
      await reconnect();
      await eventually(async () => (await statusOf(ann.token)) === 401, 3_000);
    });

    it('is noticed also behind the first page', async () => {
      const banned = (userId: string) => [{ userId, status: 'BANNED', version: 1 } as const];
      await world.answer(accountRpc.denylist, ({ afterId }) =>
        afterId == null ? { accounts: banned(newId()), hasMore: true } : { accounts: banned(ann.id), hasMore: false },
      );
      await reconnect();
      await eventually(async () => (await statusOf(ann.token)) === 401, 3_000);
      expect(Date.parse(world.callsOf(accountRpc.denylist).at(-1)!.input.since)).toBeLessThan(
        Date.now() - 24 * 60 * 60 * 1_000,
      );
    });

    it('lets in again who was reinstated', async () => {
      await listed('BANNED');
      await reconnect();
      await eventually(async () => (await statusOf(ann.token)) === 401, 3_000);
      await accounts.answer();
      await reconnect();
      await eventually(async () => (await statusOf(ann.token)) === 200, 3_000);
    });

    it('ends the sessions in the core as soon as that is there again', async () => {
      let away = true;
      await world.answer(accountRpc.state, ({ userId }) => {
        if (away) throw new AppError('UNAVAILABLE', 'away');
        return accounts.of(userId);
      });
      await accounts.change(ann.id, { status: 'BANNED' });
      await eventually(() => world.callsOf(accountRpc.state).length >= 2);
      expect(await sessionsOf(ann.id)).toBe(1);
      away = false;
      await eventually(async () => (await sessionsOf(ann.id)) === 0);
    });
  });

  describe('when it is deleted', () => {
    const exists = async (userId: string) => (await getUser(userId)) !== undefined;

    it('takes the credentials with it, and reports when that is done', async () => {
      const socket = await connect(world, ann);
      accounts.set(ann.id, { status: 'DELETED' });
      await world.messaging.publish(userEvent.accountDeleted, { userId: ann.id });
      await eventually(() => world.callsOf(accountRpc.erasureDone).length === 1);
      expect(world.callsOf(accountRpc.erasureDone)[0]!.input).toEqual({ userId: ann.id, part: 'auth' });
      expect([
        await exists(ann.id),
        await sessionsOf(ann.id),
        (await socket.closed).code,
        await statusOf(ann.token),
      ]).toEqual([false, 0, 4401, 401]);
      const gone = await world.post('/auth/signin', { formFields: signUpForm('', ann.email).formFields.slice(0, 2) });
      expect(await gone.json()).toMatchObject({ status: 'WRONG_CREDENTIALS_ERROR' });
    });

    it('reports also when the credentials were gone already, and again until it was heard', async () => {
      await deleteUser(ann.id);
      let tries = 0;
      await world.answer(accountRpc.erasureDone, () => {
        if (++tries < 3) throw new AppError('UNAVAILABLE', 'away');
        return {};
      });
      await world.messaging.publish(userEvent.accountDeleted, { userId: ann.id });
      await eventually(() => tries === 3);
    });
  });

  describe('and other gateway processes', () => {
    let other: GatewayProcess;
    afterEach(() => other?.stop());

    it('is known at once to one that starts later, from the list, and sessions that have ended from their record', async () => {
      const [bo, carl] = [await world.signUp(), await world.signUp()];
      await world.post('/auth/signout', {}, { authorization: `Bearer ${bo.token}` });
      await listed('BANNED');
      other = await startGateway(world);
      expect(await Promise.all([ann, bo, carl].map(({ token }) => statusOf(token, other.url)))).toEqual([
        401, 401, 200,
      ]);
      const socket = await connect(other, carl);
      await accounts.change(carl.id, { status: 'SUSPENDED' });
      expect((await socket.closed).code).toBe(4403);
      expect(await statusOf(carl.token, other.url)).toBe(401);
    });

    it('is awaited by a new one: it lets nobody signed in use it before, and is not ready', async () => {
      await world.answer(accountRpc.denylist, () => {
        throw new AppError('UNAVAILABLE', 'away');
      });
      other = await startGateway(world);
      const ready = async () => (await fetch(`${other.operatorUrl}/health/ready`)).status;
      const visitor = await fetch(`${other.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      expect([await statusOf(ann.token, other.url), await ready(), visitor.status]).toEqual([503, 503, 200]);
      await accounts.answer();
      await eventually(async () => (await statusOf(ann.token, other.url)) === 200);
      expect(await ready()).toBe(200);
    });
  });
});
