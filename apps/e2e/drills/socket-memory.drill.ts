import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { freePort } from '../../../tools/stack/ports.mjs';
import { type Network, startNetwork } from '../src/network.js';
import { heldMemory } from '../src/process-memory.js';
import { signUpTestUser, type TestUser } from '../src/test-users.js';
import { ManySockets } from './many-sockets.js';

/** The bounds of one user (docs/limits.md). */
const SOCKETS_OF_A_USER = 20;
const SUBSCRIPTIONS_OF_A_USER = 100;
const MANY = 2_000;
const USERS = 5;
const TIMEOUT_MS = 300_000;
const KB = 1_024;
const MB = 1_024 * KB;

const USUAL = `subscription Live($after: String) { notificationReceived(after: $after) { cursor node {
  id kind isRead createdAt actors(first: 3) { id username displayName avatar { url variants { name url } } }
  post { id caption media { url variants { name url } } } comment { id text } } } }`;
/** As large a syntax tree as a subscription may have. */
const dearText = (index: number) =>
  `subscription S${index} { notificationReceived { ${'... { ... { cursor } '.repeat(150)} ${'} '.repeat(150)} } }`;

/** docs/limits.md has what it measures: run it again when sockets or subscriptions keep something else. */
describe('The memory that clients take of a gateway', () => {
  let network: Network;
  let inspectorPort: number;
  const users: TestUser[] = [];

  beforeAll(async () => {
    inspectorPort = await freePort();
    const NODE_OPTIONS = `--inspect=127.0.0.1:${inspectorPort}`;
    network = await startNetwork({ extra: { gateway: { RATE_LIMIT_FACTOR: '1000000', NODE_OPTIONS } } });
    for (let index = 0; index < USERS; index++) users.push(await signUpTestUser(network, 'listener'));
  }, TIMEOUT_MS);
  afterAll(() => network?.stop());

  /** Bytes that each of `count` things takes, and what is left when they are gone; the first time warms what is compiled and cached. */
  async function weigh(what: string, count: number, open: () => Promise<() => Promise<void>>) {
    const held = () => heldMemory(network.services.gateway.pid!, inspectorPort);
    await (
      await open()
    )();
    const before = await held();
    const close = await open();
    const full = await held();
    await close();
    const after = await held();
    const each = Math.round((full.heldBytes - before.heldBytes) / count);
    const resident = Math.round(((full.residentMb - before.residentMb) * MB) / count);
    const left = Math.round((after.heldBytes - before.heldBytes) / count);
    process.stderr.write(`${what}: ${each} bytes held, ${resident} resident, ${left} left behind\n`);
    return { each, left };
  }

  const withSockets = async (work: (sockets: ManySockets) => Promise<unknown>) => {
    const sockets = new ManySockets(network.url);
    await work(sockets);
    return () => sockets.close();
  };

  it(
    'is at most 5 kB for a connection that is kept alive',
    async () => {
      const { each, left } = await weigh('a connection', MANY, openConnections);
      expect(each).toBeLessThan(5 * KB);
      expect(left).toBeLessThan(KB);
    },
    TIMEOUT_MS,
  );

  it(
    'is at most 10 kB for a socket that does nothing',
    async () => {
      const { each, left } = await weigh('an idle socket', MANY, () =>
        withSockets(async (sockets) => expect(await sockets.open(MANY)).toHaveLength(MANY)),
      );
      expect(each).toBeLessThan(10 * KB);
      expect(left).toBeLessThan(KB);
    },
    TIMEOUT_MS,
  );

  it(
    'is at most 1.5 MB for a user who has all sockets and subscriptions that are allowed',
    async () => {
      const { each, left } = await weigh('a user at the limits', USERS, () =>
        withSockets(async (sockets) => {
          for (const user of users) await atTheLimits(sockets, user, () => USUAL);
          expect(sockets.refused).toBe(0);
        }),
      );
      expect(each).toBeLessThan(1.5 * MB);
      expect(left).toBeLessThan(MB / 10);
    },
    TIMEOUT_MS,
  );

  it(
    'is at most 3 MB for a user whose subscriptions are all different and as large as they may be',
    async () => {
      const { each, left } = await weigh('a user with texts of their own', USERS, () =>
        withSockets(async (sockets) => {
          for (const user of users) await atTheLimits(sockets, user, dearText);
          expect(sockets.refused).toBeLessThan(USERS * SUBSCRIPTIONS_OF_A_USER);
        }),
      );
      expect(each).toBeLessThan(3 * MB);
      expect(left).toBeLessThan(MB / 10);
    },
    TIMEOUT_MS,
  );

  it(
    'is at most 2 MB for a user who asks for 500 sockets with 50 subscriptions each',
    async () => {
      const { each } = await weigh('500 × 50 subscriptions of one user', 1, () =>
        withSockets(async (sockets) => {
          const open = await sockets.open(500, users[0]!.client.token);
          expect(open).toHaveLength(SOCKETS_OF_A_USER);
          await sockets.subscribe(open, Array<string>(open.length * 50).fill(USUAL));
          expect(sockets.refused).toBe(open.length * 50 - SUBSCRIPTIONS_OF_A_USER);
        }),
      );
      expect(each).toBeLessThan(2 * MB);
    },
    TIMEOUT_MS,
  );

  async function openConnections() {
    const { hostname, port } = new URL(network.url);
    const connections: Socket[] = [];
    for (let index = 0; index < MANY; index++) {
      const connection = connect(Number(port), hostname);
      connections.push(connection);
      connection.write('GET /nothing HTTP/1.1\r\nhost: localhost\r\n\r\n');
      await once(connection, 'data');
    }
    return async () => {
      await Promise.all(connections.map((each) => each.closed || once(each.destroy(), 'close')));
    };
  }

  async function atTheLimits(sockets: ManySockets, user: TestUser, textOf: (index: number) => string): Promise<void> {
    const opened = await sockets.open(SOCKETS_OF_A_USER, user.client.token);
    expect(opened).toHaveLength(SOCKETS_OF_A_USER);
    await sockets.subscribe(
      opened,
      Array.from({ length: SUBSCRIPTIONS_OF_A_USER }, (_, index) => textOf(index)),
    );
  }
});
