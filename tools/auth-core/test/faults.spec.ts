import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { eventually } from '@fowergram/testing';
import type { Answer, CoreClient } from './core-client.js';
import { insideOnly } from './outside.js';
import { cableTo, startCore } from './program.js';
import { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.drop());

const merge = (coreClient: CoreClient, userId: string) =>
  world.call('PUT', '/recipe/user/metadata', { userId, metadataUpdate: { seen: true } }, {}, coreClient);

function expectFailure(answer: Answer): void {
  expect([answer.statusCode, answer.text, answer.headers['content-type']]).toEqual([
    500,
    'Internal Error\n',
    'text/html; charset=UTF-8',
  ]);
}

/** Holds the row that every change of this user's metadata needs. */
async function holdMetadata(userId: string) {
  await merge(world.coreClient, userId);
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query('select 1 from user_metadata where user_id = $1 for update', [userId]);
  // Asked for by another one: within a transaction the list of waiting ones stays what it was at first.
  const waiting = () =>
    world.rowsIn(`pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
  const release = async () => {
    await client.query('rollback');
    await client.end();
  };
  return { waiting, release };
}

describe('a database that is restarted', () => {
  insideOnly.process('fails what is under way, in text, and is used again when it is back', async () => {
    const cable = await cableTo(world.databaseUrl);
    const core = await startCore(cable.databaseUrl);
    const userId = world.name();
    const held = await holdMetadata(userId);
    const underway = Array.from({ length: 6 }, () => merge(core.coreClient, userId));
    await eventually(async () => (await held.waiting()) === 6);
    await cable.cut();
    for (const answer of await Promise.all(underway)) expectFailure(answer);
    await held.release();
    const fields = { email: world.email(), password: 'correct horse 1' };
    expectFailure(await world.call('POST', '/public/recipe/signup', fields, {}, core.coreClient));
    expectFailure(await world.call('GET', '/hello', {}, {}, core.coreClient));
    await cable.mend();
    expect((await world.call('POST', '/public/recipe/signup', fields, {}, core.coreClient)).body.status).toBe('OK');
    expect((await merge(core.coreClient, userId)).body.status).toBe('OK');
    expect(core.isRunning()).toBe(true);
    await core.end('SIGTERM');
    await cable.cut();
  });

  insideOnly.database('may end every connection at any moment', async () => {
    const client = new pg.Client({ connectionString: world.databaseUrl });
    await client.connect();
    const endAll = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'auth-core'`;
    const root = (await world.newSession()).refreshToken.token as string;
    const answers: Answer[] = [];
    for (let turn = 0; turn < 10; turn++) {
      const asked = Array.from({ length: 8 }, () =>
        world.call('POST', '/recipe/session/refresh', {
          refreshToken: root,
          enableAntiCsrf: false,
          useDynamicSigningKey: true,
        }),
      );
      await client.query(endAll);
      answers.push(...(await Promise.all(asked)));
    }
    await client.end();
    for (const answer of answers.filter(({ statusCode }) => statusCode !== 200)) expectFailure(answer);
    // A connection may turn out dead at its next use, and is replaced then.
    await eventually(async () => (await world.refresh(root))?.status === 'OK');
  });
});

describe('a removal', () => {
  insideOnly.database(
    'that is cut off in the middle has removed nothing, and is done in full the next time',
    async () => {
      const { userId, email, password } = await world.signUp();
      const { session } = await world.newSession({ userId });
      const held = await holdMetadata(userId);
      const removal = world.call('POST', '/user/remove', { userId });
      await eventually(async () => (await held.waiting()) === 1);
      // Till its end nobody sees anything of it.
      expect((await world.get('/user/id', { userId })).status).toBe('OK');
      expect((await world.get('/public/recipe/session/user', { userId })).sessionHandles).toEqual([session.handle]);
      await world.rowsIn(
        `pg_stat_activity a, pg_terminate_backend(a.pid) where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expectFailure(await removal);
      await held.release();
      expect((await world.post('/public/recipe/signin', { email, password })).recipeUserId).toBe(userId);
      expect((await world.get('/recipe/session', { sessionHandle: session.handle })).status).toBe('OK');
      expect((await world.get('/recipe/user/metadata', { userId })).metadata).toEqual({ seen: true });
      expect(await world.post('/user/remove', { userId })).toEqual({ status: 'OK' });
      expect(await world.get('/user/id', { userId })).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
      expect((await world.get('/recipe/user/metadata', { userId })).metadata).toEqual({});
    },
  );
});

describe('a core whose connections are all busy', () => {
  insideOnly.process('refuses in time what it cannot do, and does the rest', async () => {
    const core = await world.another({ databaseWaitMs: 300 });
    const userId = world.name();
    const held = await holdMetadata(userId);
    const busy = Array.from({ length: 10 }, () => merge(core, userId));
    await eventually(async () => (await held.waiting()) === 10);
    expectFailure(await world.call('GET', '/hello', {}, {}, core));
    expectFailure(await world.call('GET', '/public/users', {}, {}, core));
    await held.release();
    expect((await Promise.all(busy)).map((answer) => answer.body.status)).toEqual(
      Array.from({ length: 10 }, () => 'OK'),
    );
    expect((await world.call('GET', '/hello', {}, {}, core)).statusCode).toBe(200);
    await core.close();
  });

  it('makes a crowd wait, and loses nobody', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => world.newSession({ userId: world.name(`crowd-${index}`) })),
    );
    const refreshed = await Promise.all(answers.map((answer) => world.refresh(answer.refreshToken.token)));
    expect(refreshed.filter((answer) => answer.status !== 'OK')).toEqual([]);
  });
});

describe('a client that never ends its request', () => {
  const half =
    'POST /recipe/session/refresh HTTP/1.1\r\nhost: core\r\napi-key: key-for-the-tests-of-auth-core\r\ncontent-length: 1000\r\n\r\n{"refresh';

  async function dawdle(port: number, text: string): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.write(text, resolve));
    return socket;
  }

  insideOnly.process('keeps nobody else waiting, nor the core from ending', async () => {
    const core = await startCore(world.databaseUrl);
    const sockets = await Promise.all(
      Array.from({ length: 60 }, (_, index) => dawdle(core.port, index % 2 ? half : half.slice(0, 40))),
    );
    const sessions = await Promise.all(
      Array.from({ length: 10 }, () => world.call('GET', '/users/count', {}, {}, core.coreClient)),
    );
    expect(sessions.map((answer) => answer.statusCode)).toEqual(Array.from({ length: 10 }, () => 200));
    for (const socket of sockets.slice(0, 30)) socket.destroy();
    expect((await world.call('GET', '/hello', {}, {}, core.coreClient)).text).toBe('Hello\n');
    expect(await core.end('SIGTERM')).toBe(0);
    for (const socket of sockets) socket.destroy();
  });

  insideOnly.standIn('with a body beyond all measure is refused, in text', async () => {
    const [statusCode, text] = await world.failure('POST', '/public/recipe/signin', {
      email: 'x'.repeat(2_000_000),
      password: 'x',
    });
    expect([statusCode, text]).toEqual([413, expect.stringContaining('too large')]);
  });
});
