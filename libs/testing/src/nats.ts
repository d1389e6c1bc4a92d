import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { eventually } from './eventually.js';
import { freePort, type Program, startProgram } from './process.js';
import { testVariable } from './test-env.js';

export interface TestNats extends Program {
  url: string;
}

/** Starts a NATS server with JetStream for one test file. */
export async function startNats(): Promise<TestNats> {
  const folder = mkdtempSync(join(tmpdir(), 'fowergram-nats-'));
  const port = await freePort();
  const program = startProgram(testVariable('NATS_SERVER'), [
    '-js',
    '-sd',
    folder,
    '-a',
    '127.0.0.1',
    '-p',
    String(port),
  ]);
  const url = `nats://127.0.0.1:${port}`;
  const probe = await eventually(() => connect({ servers: url, reconnect: false }));
  await eventually(() => hasJetStream(probe));
  await probe.close();
  return {
    url,
    stop: async () => {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function hasJetStream(nats: NatsConnection): Promise<boolean> {
  const reply = await nats.request('$JS.API.INFO', '', { timeout: 500 });
  return !('error' in reply.json<object>());
}
