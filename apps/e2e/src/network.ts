import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@fowergram/testing';
import { roleOf } from '../../../tools/permissions/postgres-roles.mjs';
import { type KeptMail, mailsIn } from '../../../tools/stack/mail-folder.mjs';
import { migrate } from '../../../tools/stack/migrate.mjs';
import { pgBouncer } from '../../../tools/stack/pgbouncer.mjs';
import { findProgram } from '../../../tools/stack/programs.mjs';
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
  /** What the services are given of Postgres: where `npm test` was asked for it, the same by way of PgBouncer. */
  pooled: Pooled;
  /** What was sent to an address so far, oldest first. */
  mailsTo(address: string): Promise<KeptMail[]>;
  client(): AppClient;
  stop(): Promise<void>;
}

interface Pooled {
  databases: Record<string, string>;
  env: NodeJS.ProcessEnv;
  stop?: () => Promise<void>;
}

export interface NetworkOptions {
  /** Whether a store survives being killed; costs the speed of the disk. */
  durable?: boolean;
  /** More variables for single services, or what makes them of the stores that were started. */
  extra?: ServiceVariables | ((stores: Stores) => Promise<ServiceVariables>);
}

export type ServiceVariables = Partial<Record<ServiceName, NodeJS.ProcessEnv>>;

export interface Stores {
  stack: Stack;
  /** Addresses of the services' databases, each for its service. */
  databases: Record<string, string>;
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
  let pooled: Pooled | undefined;
  const undo = async () => {
    await pooled?.stop?.();
    await stack.destroy();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const databases = (await migrate({ adminUrl: stack.postgres.url, passwords: stack.passwords })) as Record<
      string,
      string
    >;
    const given = (pooled = process.env.TEST_POOLED ? await startPooler(stack, databases) : { databases, env: {} });
    const services = await startServices({
      stack,
      databases: given.databases,
      extra: typeof extra === 'function' ? await extra({ stack, databases: given.databases }) : extra,
      env: { ENVIRONMENT: 'test', LOG_LEVEL: 'warn', TRUSTED_PROXIES: '127.0.0.0/8', ...given.env },
    });
    const url = services.gateway.url;
    return {
      url,
      stack,
      services,
      databases,
      pooled: given,
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

async function startPooler(stack: Stack, databases: Record<string, string>): Promise<Pooled> {
  const pooler = await pgBouncer({
    dataDir: stack.dataDir,
    program: findProgram('pgbouncer'),
    port: await freePort(),
    adminUrl: stack.postgres.url,
    passwords: Object.fromEntries(Object.entries(stack.passwords).map(([name, password]) => [roleOf(name), password])),
    poolSize: 8,
  });
  return {
    databases: Object.fromEntries(Object.entries(databases).map(([name, url]) => [name, pooler.urlOf(url)])),
    env: { DATABASE_NAMED_STATEMENTS: pooler.hasNamedStatements ? 'on' : 'off' },
    stop: () => pooler.stop(),
  };
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
