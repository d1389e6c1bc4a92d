import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { processIdentity } from '../identity.mjs';
import { migrate } from '../migrate.mjs';
import { checkNatsIdentity } from '../nats.mjs';
import { checkPostgresIdentity, query, removeData } from '../postgres.mjs';
import { checkRedisIdentity } from '../redis.mjs';
import { startStack } from '../stack.mjs';
import type { Stack, StackOptions } from '../stack.mjs';
import { temporaryFolder } from './folder.js';

const folder = temporaryFolder();
const started: Stack[] = [];

/** A stack of some stores, whatever addresses the machine that runs the tests has in its environment. */
async function start(options: Omit<StackOptions, 'env'> & { env?: NodeJS.ProcessEnv }) {
  const stack = await startStack({ env: { PATH: process.env.PATH }, ...options });
  started.push(stack);
  return stack;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((stack) => stack.destroy()));
});

async function ask(url: string, work: (redis: Redis) => Promise<unknown>) {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

describe('a stack', () => {
  it('keeps the ports and the data of its stores over kill -9, over a restart, and over a new start', async () => {
    const dataDir = join(folder, 'redis');
    const { redis } = await start({ dataDir, stores: ['redis'] });
    await ask(redis.url, (client) => client.set('kept', 'yes'));
    const before = redis.pid;
    await redis.stop();
    await redis.start();
    expect(redis.pid).not.toBe(before);
    expect(await ask(redis.url, (client) => client.get('kept'))).toBe('yes');
    await redis.kill('SIGKILL');
    expect(redis.pid).toBeUndefined();
    await redis.start();
    expect(await ask(redis.url, (client) => client.get('kept'))).toBe('yes');
    const { url } = redis;
    await started.pop()?.stop();
    const again = await start({ dataDir, stores: ['redis'] });
    expect(again.redis.url).toBe(url);
    expect(await ask(again.redis.url, (client) => client.get('kept'))).toBe('yes');
  });

  it('leaves nothing running and nothing written down after the stop', async () => {
    const dataDir = join(folder, 'stopped');
    const { redis, nats } = await start({ dataDir, stores: ['redis', 'nats'] });
    const pids = [redis.pid, nats.pid] as number[];
    await started.pop()?.stop();
    expect(pids.map(processIdentity)).toEqual([undefined, undefined]);
    expect(readdirSync(join(dataDir, 'pids'))).toEqual([]);
    expect(readdirSync(dataDir)).not.toContain('lock.json');
  });

  it('has its secrets in files of their owner, not in arguments that everybody sees', async () => {
    const dataDir = join(folder, 'secrets');
    const { redis, nats } = await start({ dataDir, stores: ['redis', 'nats'] });
    const secret = new URL(redis.url).password;
    for (const pid of [redis.pid, nats.pid]) expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(secret);
    for (const file of ['redis.conf', 'redis-users.acl', 'nats.conf', 'credentials.json'])
      expect(statSync(join(dataDir, file)).mode & 0o077).toBe(0);
  });

  it('refuses a stranger, whatever port it answers on', async () => {
    const { redis, nats, postgres } = await start({
      dataDir: join(folder, 'identity'),
      stores: ['redis', 'nats', 'postgres'],
      durable: false,
    });
    const port = (url: string) => Number(new URL(url).port);
    await expect(
      checkRedisIdentity({ port: port(redis.url), password: 'of another stack', pid: redis.pid as number }),
    ).rejects.toThrow(/another Redis/);
    await expect(
      checkRedisIdentity({ port: port(redis.url), password: new URL(redis.url).password, pid: process.pid }),
    ).rejects.toThrow(/another Redis/);
    const { username: user, password } = new URL(nats.url);
    await expect(
      checkNatsIdentity({ host: '127.0.0.1', port: port(nats.url), user, password, serverName: 'fowergram-other' }),
    ).rejects.toThrow(/another NATS/);
    await expect(
      checkNatsIdentity({
        host: '127.0.0.1',
        port: port(nats.url),
        user,
        password: 'wrong',
        serverName: 'fowergram-other',
      }),
    ).rejects.toThrow(/Authorization/);
    await expect(checkPostgresIdentity(postgres.url, folder)).rejects.toThrow(/another Postgres/);
    await expect(checkPostgresIdentity(postgres.url.replace(/:[^:@]+@/, ':wrong@'), folder)).rejects.toThrow(
      /password/,
    );
  });

  it('lets each service enter its own database and no other', async () => {
    const { postgres, passwords } = await start({
      dataDir: join(folder, 'roles'),
      stores: ['postgres'],
      durable: false,
    });
    const urls = await migrate({ adminUrl: postgres.url, passwords });
    expect(await query(urls.user as string, 'select current_user as me, current_database() as here')).toEqual([
      { me: 'fowergram_user', here: 'fowergram_user' },
    ]);
    const trespass = new URL(urls.user as string);
    trespass.pathname = '/fowergram_post';
    await expect(query(trespass.href, 'select 1')).rejects.toThrow(/permission denied/);
    await expect(query(urls.user as string, 'create role eve')).rejects.toThrow(/permission denied/);
    expect(await migrate({ adminUrl: postgres.url, passwords })).toEqual(urls);
  });

  it('names a data folder that is not whole, with what to do', async () => {
    const dataDir = join(folder, 'half');
    const { postgres } = await start({ dataDir, stores: ['postgres'], durable: false });
    const [{ data } = { data: '' }] = await query<{ data: string }>(
      postgres.url,
      "select current_setting('data_directory') as data",
    );
    await started.pop()?.stop();
    rmSync(join(data, 'global'), { recursive: true });
    await expect(start({ dataDir, stores: ['postgres'] })).rejects.toThrow(/incomplete .*rm -rf/s);
    removeData(dataDir);
  });

  it('names a taken port together with who holds it', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(
      start({ dataDir: join(folder, 'taken'), stores: ['redis'], fixedPorts: { redis: port } }),
    ).rejects.toThrow(new RegExp(`Port ${port}, which Redis needs, is taken by process ${process.pid}`));
    await new Promise((resolve) => server.close(resolve));
  });

  it('does not start anything when a program is missing', async () => {
    const dataDir = join(folder, 'missing');
    const env = { PATH: '/nonexistent', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    await expect(start({ dataDir, stores: ['postgres'], env })).rejects.toThrow(
      /Postgres of DATABASE_URL cannot be used/,
    );
    expect(readdirSync(dataDir)).not.toContain('lock.json');
  });
});

describe('an address in the environment', () => {
  it('wins, and what it names is neither started nor stopped by us', async () => {
    const first = await start({ dataDir: join(folder, 'theirs'), stores: ['redis', 'nats'] });
    const second = await start({
      dataDir: join(folder, 'ours'),
      stores: ['redis', 'nats'],
      env: { ...process.env, REDIS_URL: first.redis.url, NATS_URL: first.nats.url },
    });

    expect(second.urlsOf('post')).toEqual({ NATS_URL: first.nats.url, REDIS_URL: first.redis.url });
    await expect(second.redis.kill('SIGKILL')).rejects.toThrow(/not ours/);
    await second.stop();
    expect(await ask(first.redis.url, (client) => client.ping())).toBe('PONG');
  });

  it('that leads to something else is refused with a clear sentence', async () => {
    const server = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const attempt = (env: NodeJS.ProcessEnv, store: 'redis' | 'nats' | 'objectStore' | 'authCore') =>
      start({ dataDir: join(folder, `wrong-${store}`), stores: [store], env: { PATH: process.env.PATH, ...env } });
    await expect(attempt({ REDIS_URL: `redis://127.0.0.1:${port}` }, 'redis')).rejects.toThrow(
      /The Redis of REDIS_URL cannot be used/,
    );
    await expect(attempt({ NATS_URL: `nats://127.0.0.1:${port}` }, 'nats')).rejects.toThrow(
      /The NATS of NATS_URL cannot be used/,
    );
    await expect(
      attempt(
        { MINIO_ENDPOINT: `http://127.0.0.1:${port}`, MINIO_ACCESS_KEY: 'a', MINIO_SECRET_KEY: 'b' },
        'objectStore',
      ),
    ).rejects.toThrow(/answers without a signature/);
    await expect(attempt({ SUPERTOKENS_CONNECTION_URI: `http://127.0.0.1:${port}` }, 'authCore')).rejects.toThrow(
      /auth core of SUPERTOKENS_CONNECTION_URI cannot be used/,
    );
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    [undefined, /SUPERTOKENS_API_KEY is missing, and the auth core .* asks for one/],
    ['not-the-key-of-anybody', /SUPERTOKENS_API_KEY is none of the API keys/],
  ])('of an auth core that does not take the API key %s is refused with the name of the key', async (key, sentence) => {
    const server = createServer((_request, response) => response.writeHead(401).end('Invalid API key'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const env = {
      PATH: process.env.PATH,
      SUPERTOKENS_CONNECTION_URI: `http://127.0.0.1:${port}`,
      ...(key && { SUPERTOKENS_API_KEY: key }),
    };
    const dataDir = join(folder, 'wrong-key');
    await expect(start({ dataDir, stores: ['redis', 'authCore'], env })).rejects.toThrow(sentence);
    expect(existsSync(join(dataDir, 'ports.json'))).toBe(false);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
