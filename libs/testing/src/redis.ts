import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import { freePort, type Program, startProgram } from './process.js';
import { testVariable } from './test-env.js';

export interface TestRedis extends Program {
  url: string;
}

/** Starts an empty Redis for one test file. */
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
  ]);
  const url = `redis://127.0.0.1:${port}`;
  const probe = new Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
  probe.on('error', () => undefined);
  await eventually(async () => {
    if (probe.status !== 'ready') await probe.connect();
    return (await probe.ping()) === 'PONG';
  });
  probe.disconnect();
  return { url, stop: program.stop };
}
