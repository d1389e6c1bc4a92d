import { spawn } from 'node:child_process';
import { eventually, freePort, testVariable } from '@fowergram/testing';
import { CURSOR_KEY } from './cursors.js';
import type { World } from './world.js';

type Stores = Pick<World, 'url' | 'nats' | 'redis'>;

export interface GatewayProcess {
  url: string;
  operatorUrl: string;
  /** Everything that it has logged. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts one more gateway of the same API, as a process of its own, on the stores of a world; the services answer both. */
export async function startGateway(world: Stores, variables: Record<string, string> = {}): Promise<GatewayProcess> {
  const { url, operatorUrl, output, exited, stop } = await spawnGateway(world, variables);
  const ended = exited.then((code) => Promise.reject(new Error(`It ended with ${code}.`)));
  try {
    await Promise.race([eventually(async () => (await fetch(`${operatorUrl}/health/live`)).ok, 90_000), ended]);
  } catch (error) {
    await stop();
    throw new Error(`The gateway did not start:\n${output()}`, { cause: error });
  }
  ended.catch(() => undefined);
  return { url, operatorUrl, output, stop };
}

/** Starts one that cannot run, and tells how it ended and which of its ports somebody still listens on. */
export async function failToStart(
  world: Stores,
  variables: Record<string, string | undefined>,
): Promise<{ code: number | null; output: string; listening: string[] }> {
  const { url, operatorUrl, output, exited } = await spawnGateway(world, variables);
  const code = await exited;
  const asked = await Promise.allSettled([url, operatorUrl].map(async (each) => (await fetch(each)).url));
  const listening = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  return { code, output: output(), listening };
}

async function spawnGateway(world: Stores, variables: Record<string, string | undefined>) {
  const [port, operatorPort] = [await freePort(), await freePort()];
  const env = {
    PATH: process.env.PATH,
    ENVIRONMENT: 'test',
    LOG_LEVEL: 'trace',
    PORT: String(port),
    OPERATOR_PORT: String(operatorPort),
    API_DOMAIN: world.url,
    WEBSITE_DOMAIN: 'http://127.0.0.1:3000',
    NATS_URL: world.nats.urlOf('gateway'),
    REDIS_URL: world.redis.urlOf('gateway'),
    TRUSTED_PROXIES: '127.0.0.0/8',
    SUPERTOKENS_CONNECTION_URI: testVariable('TEST_SUPERTOKENS_CONNECTION_URI'),
    SUPERTOKENS_API_KEY: testVariable('TEST_SUPERTOKENS_API_KEY'),
    CURSOR_KEY,
    ...variables,
  };
  const child = spawn(process.execPath, ['dist/apps/gateway/src/main.js'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  // Closed is what has ended and has said all.
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  void exited.then(() => process.off('exit', endWithUs));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  const [url, operatorUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${operatorPort}`];
  return { url, operatorUrl, output: () => output, exited, stop };
}
