import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeptMail, mailsIn } from '../../../tools/stack/mail-folder.mjs';
import { migrate } from '../../../tools/stack/migrate.mjs';
import { startServices } from '../../../tools/stack/services.mjs';
import { startStack } from '../../../tools/stack/stack.mjs';
import { AppClient } from './app-client.js';

export const serviceNames = ['gateway', 'user', 'post', 'media', 'notification'] as const;
export type ServiceName = (typeof serviceNames)[number];

type Stack = Awaited<ReturnType<typeof startStack>>;
type Services = Awaited<ReturnType<typeof startServices>>;

export interface Network {
  /** Where clients find the gateway. */
  url: string;
  stack: Stack;
  services: Services;
  /** Addresses of the services' databases, each for its service. */
  databases: Record<string, string>;
  /** What was sent to an address so far, oldest first. */
  mailsTo(address: string): Promise<KeptMail[]>;
  client(): AppClient;
  stop(): Promise<void>;
}

export interface NetworkOptions {
  /** Whether a store survives being killed; costs the speed of the disk. */
  durable?: boolean;
  /** More variables for single services. */
  extra?: Partial<Record<ServiceName, NodeJS.ProcessEnv>>;
}

/** Starts the five services as five processes on a stack of their own, as `npm start` does; stop() ends all of it and removes its data. */
export async function startNetwork({ durable = false, extra = {} }: NetworkOptions = {}): Promise<Network> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fowergram-network-'));
  const stack = await startStack({
    dataDir: join(dataDir, 'stack'),
    durable,
    what: 'A test network',
    env: privateEnv(),
  }).catch((error: unknown) => {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  const undo = async () => {
    await stack.destroy();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const databases = (await migrate({ adminUrl: stack.postgres.url, passwords: stack.passwords })) as Record<
      string,
      string
    >;
    const services = await startServices({
      stack,
      databases,
      extra,
      env: { ENVIRONMENT: 'test', LOG_LEVEL: 'warn', TRUSTED_PROXIES: '127.0.0.0/8' },
    });
    const url = services.gateway.url;
    return {
      url,
      stack,
      services,
      databases,
      mailsTo: async (address) => (await mailsIn(stack.mail.folder!)).filter(({ to }) => to === address),
      client: () => new AppClient(url),
      stop: async () => {
        await Promise.all(serviceNames.map((name) => services[name].stop()));
        await undo();
      },
    };
  } catch (error) {
    await undo();
    throw error;
  }
}

/** The environment without addresses of stores: these tests hurt what they use, so it is never somebody's own. */
function privateEnv(): NodeJS.ProcessEnv {
  const names = new Set([
    'DATABASE_URL',
    'REDIS_URL',
    'NATS_URL',
    'MINIO_ENDPOINT',
    'SUPERTOKENS_CONNECTION_URI',
    'SMTP_URL',
    'PORT',
  ]);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.has(name)));
}
