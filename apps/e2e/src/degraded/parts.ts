import { Redis } from 'ioredis';
import { TcpProxy } from '@fowergram/testing';
import { query } from '../../../../tools/stack/postgres.mjs';
import { type Network, type ServiceName, type ServiceVariables, serviceNames, type Stores } from '../network.js';

export type Mode = 'away' | 'half-open' | 'slow' | 'full';

/** Something that the network needs, and what breaks and mends it. */
export interface Part {
  name: string;
  modes: readonly Mode[];
  break: (network: Network, mode: Mode) => Promise<void>;
  mend: (network: Network, mode: Mode) => Promise<void>;
}

const DATABASES = ['user', 'post', 'media', 'notification'] as const;
const WITH_REDIS = ['gateway', 'post', 'media'] as const;
/** Of each packet, in each direction. */
const SLOW_MS = 100;

/** A network whose stores are reached through proxies. */
export class BreakableStores {
  private readonly proxies = new Map<string, TcpProxy[]>();

  /** The addresses by way of the proxies, for each service. */
  async variables({ stack, databases }: Stores): Promise<ServiceVariables> {
    const variables: Record<ServiceName, NodeJS.ProcessEnv> = {
      gateway: {
        SUPERTOKENS_CONNECTION_URI: await this.through('auth core', stack.authCore!.url),
        RATE_LIMIT_FACTOR: '1000',
      },
      user: {},
      post: {},
      media: { MINIO_ENDPOINT: await this.through('object store', stack.objectStore!.url) },
      notification: { SMTP_URL: await this.through('mail server', stack.mail.url) },
    };
    variables.media.MINIO_PUBLIC_ENDPOINT = variables.media.MINIO_ENDPOINT;
    for (const name of DATABASES)
      variables[name].DATABASE_URL = await this.through(`Postgres of ${name}`, databases[name]!);
    for (const name of serviceNames)
      variables[name].NATS_URL = await this.through('NATS', stack.urlsOf(name).NATS_URL!);
    for (const name of WITH_REDIS)
      variables[name].REDIS_URL = await this.through('Redis', stack.urlsOf(name).REDIS_URL!);
    return variables;
  }

  parts(): Part[] {
    const modes: Mode[] = ['away', 'half-open', 'slow'];
    const stores = [...this.proxies.keys()].sort().map((name) => this.store(name, modes));
    return [...stores, fullRedis, ...DATABASES.map(service), ...DATABASES.map(fullDisk)];
  }

  private store(name: string, modes: Mode[]): Part {
    const each = (work: (proxy: TcpProxy) => unknown) => Promise.all(this.proxies.get(name)!.map(work));
    return {
      name,
      modes,
      break: async (_network, mode) => {
        if (mode === 'away') await each((proxy) => proxy.cut());
        else if (mode === 'half-open') await each((proxy) => proxy.silence());
        else await each((proxy) => proxy.slow(SLOW_MS));
      },
      mend: async () => void (await each((proxy) => proxy.restore())),
    };
  }

  private async through(name: string, url: string): Promise<string> {
    const proxy = new TcpProxy();
    this.proxies.set(name, [...(this.proxies.get(name) ?? []), proxy]);
    return (await proxy.to(url)).replace(/\/$/, '');
  }

  async close(): Promise<void> {
    await Promise.all([...this.proxies.values()].flat().map((proxy) => proxy.cut()));
  }
}

const service = (name: ServiceName): Part => ({
  name: `service ${name}`,
  modes: ['away', 'half-open'],
  break: ({ services }, mode) => services[name].kill(mode === 'away' ? 'SIGKILL' : 'SIGSTOP'),
  mend: async ({ services }, mode) => {
    if (mode === 'away') await services[name].start();
    else await services[name].kill('SIGCONT');
  },
});

/** No memory is left for what is written. */
const fullRedis: Part = {
  name: 'Redis',
  modes: ['full'],
  break: ({ stack }) => configured(stack.redis.url, '1'),
  mend: ({ stack }) => configured(stack.redis.url, '0'),
};

async function configured(url: string, maxmemory: string): Promise<void> {
  const redis = new Redis(url);
  await redis.config('SET', 'maxmemory-policy', 'noeviction');
  await redis.config('SET', 'maxmemory', maxmemory);
  await redis.quit();
}

/** Postgres says of each row that is written what it says when its disk is full. */
const fullDisk = (name: (typeof DATABASES)[number]): Part => ({
  name: `Postgres of ${name}`,
  modes: ['full'],
  break: async (network) => void (await query(asOwner(network, name), DISK_IS_FULL, [])),
  mend: async (network) => void (await query(asOwner(network, name), 'drop function disk_is_full cascade', [])),
});

const asOwner = ({ stack, databases }: Network, name: string): string =>
  Object.assign(new URL(stack.postgres.url), { pathname: new URL(databases[name]!).pathname }).href;

const DISK_IS_FULL = `
  create function disk_is_full() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
  do $$ declare name text; begin
    for name in select tablename from pg_tables where schemaname = 'public' loop
      execute format('create trigger disk_is_full before insert or update on %I for each row execute function disk_is_full()', name);
    end loop;
  end $$`;
