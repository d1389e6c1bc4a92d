import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import { freePort, type Program, startProgram } from './process.js';
import { testVariable } from './test-env.js';
import { testPassword } from './test-password.js';

/** The permissions of the services, as production has them. */
const USERS = 'tools/docker/redis/users.acl';

export interface TestRedis extends Program {
  /** For the test itself: the administrator, who may do everything. */
  url: string;
  /** For a service, with the permissions that it has in production. */
  urlOf(service: string): string;
}

/** Starts an empty Redis with the users of the services for one test file. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  const program = startProgram(testVariable('REDIS_SERVER'), [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
    '--aclfile',
    redisUsersFile(),
  ]);
  const url = redisUrl('default', port);
  const probe = new Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
  probe.on('error', () => undefined);
  await eventually(async () => {
    if (probe.status !== 'ready') await probe.connect();
    return (await probe.ping()) === 'PONG';
  });
  probe.disconnect();
  return { url, urlOf: (service) => redisUrl(service, port), stop: program.stop };
}

/** The address of a Redis of tests for one of its users. */
export const redisUrl = (user: string, port: number): string =>
  `redis://${user}:${testPassword(user)}@127.0.0.1:${port}`;

/** A file with the users of the services, for a Redis that a test starts itself. */
export function redisUsersFile(): string {
  const file = join(tmpdir(), `redis-users-${process.pid}.acl`);
  const users = readFileSync(USERS, 'utf8').replace(/\$REDIS_(?:([A-Z]+)_)?PASSWORD/g, (_, user: string | undefined) =>
    testPassword(user?.toLowerCase() ?? 'default'),
  );
  writeFileSync(file, users);
  return file;
}
