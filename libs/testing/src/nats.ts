import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats, consumersOf, type DurableConsumer, makeStreams, type ServiceMap } from '@fowergram/messaging';
import { eventually } from './eventually.js';
import { freePort, type Program, startProgram } from './process.js';
import { testVariable } from './test-env.js';
import { testPassword } from './test-password.js';

/** The permissions of the services, as production has them, and what they consume. */
const USERS = 'tools/docker/nats/users.conf';
const TESTER = 'tester';
const SERVICE_MAP = 'tools/permissions/service-map.json';

export interface TestNats extends Program {
  /** For the test itself: a user who may do everything, whom only tests have. */
  url: string;
  /** For a service, with the permissions that it has in production. */
  urlOf(service: string): string;
  /** Makes what is missing of the streams and the consumers of the services, as a deployment does, and these consumers. */
  makeStreams(consumers?: readonly DurableConsumer[]): Promise<void>;
}

/** Starts a NATS server with JetStream, the users of the services and their streams for one test file. */
export async function startNats({ consumers = [] }: { consumers?: DurableConsumer[] } = {}): Promise<TestNats> {
  const folder = mkdtempSync(join(tmpdir(), 'fowergram-nats-'));
  const port = await freePort();
  writeFileSync(join(folder, 'users.conf'), usersOfTests());
  const configFile = join(folder, 'nats.conf');
  writeFileSync(
    configFile,
    `listen: "127.0.0.1:${port}"\nmax_payload: 4MB\njetstream { store_dir: ${JSON.stringify(folder)} }\ninclude users.conf\n`,
  );
  const program = startProgram(testVariable('NATS_SERVER'), ['-c', configFile], passwords());
  const urlOf = (user: string) => `nats://${user}:${testPassword(user)}@127.0.0.1:${port}`;
  const admin = await eventually(() => connectNats(urlOf('administrator'), 'administrator'));
  await eventually(() => hasJetStream(admin));
  const make = (more: readonly DurableConsumer[] = []) => makeStreams(admin, [...consumersOf(serviceMap()), ...more]);
  await make(consumers);
  return {
    url: urlOf(TESTER),
    urlOf,
    makeStreams: make,
    stop: async () => {
      await admin.close();
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The users of production, and one for the tests. */
const usersOfTests = (): string =>
  readFileSync(USERS, 'utf8').replace(
    'users = [',
    `users = [\n    { user: ${TESTER}, password: ${JSON.stringify(testPassword(TESTER))} }`,
  );

/** Every password that the file of the users asks for, in quotes: 06e55b… would be a number to the server. */
function passwords(): Record<string, string> {
  const names = readFileSync(USERS, 'utf8').matchAll(/\$(NATS_([A-Z]+)_PASSWORD)/g);
  return Object.fromEntries([...names].map(([, name, user]) => [name, `"${testPassword(user!.toLowerCase())}"`]));
}

const serviceMap = (): ServiceMap => JSON.parse(readFileSync(SERVICE_MAP, 'utf8')) as ServiceMap;

async function hasJetStream(nats: NatsConnection): Promise<boolean> {
  const reply = await nats.request('$JS.API.INFO', '', { timeout: 500 });
  return !('error' in reply.json<object>());
}
