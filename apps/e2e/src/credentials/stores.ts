import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../../../tools/stack/migrate.mjs';
import { startStack } from '../../../../tools/stack/stack.mjs';

export const services = ['gateway', 'user', 'post', 'media', 'notification'];

/** The stores of a private stack, migrated, with the credentials that it gives to the services. */
export async function startStores() {
  const folder = mkdtempSync(join(tmpdir(), 'fowergram-credentials-'));
  const stack = await startStack({
    dataDir: join(folder, 'stack'),
    stores: ['postgres', 'redis', 'nats', 'objectStore'],
    durable: false,
    what: 'The test of credentials',
    env: { PATH: process.env.PATH },
  });
  const databases = await migrate({ adminUrl: stack.postgres.url, passwords: stack.passwords });
  return {
    stack,
    databases,
    stop: async () => {
      await stack.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Stores = Awaited<ReturnType<typeof startStores>>;
