import { spawn } from 'node:child_process';
import { eventually, freePort, testVariable } from '@fowergram/testing';
import type { World } from './world.js';

export interface GatewayProcess {
  url: string;
  operatorUrl: string;
  /** Everything that it has logged. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts one more gateway of the same API, as a process of its own, on the stores of a world; the services answer both. */
export async function startGateway(
  world: Pick<World, 'url' | 'nats' | 'redis'>,
  variables: Record<string, string> = {},
): Promise<GatewayProcess> {
  const [port, operatorPort] = [await freePort(), await freePort()];
  const [url, operatorUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${operatorPort}`];
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
    ...variables,
  };
  const child = spawn(process.execPath, ['dist/apps/gateway/src/main.js'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  const stop = async (): Promise<void> => {
    process.off('exit', endWithUs);
    child.kill('SIGKILL');
    await exited;
  };
  try {
    await eventually(async () => (await fetch(`${operatorUrl}/health/live`)).ok, 90_000);
  } catch (error) {
    await stop();
    throw new Error(`The gateway did not start:\n${output}`, { cause: error });
  }
  return { url, operatorUrl, output: () => output, stop };
}
