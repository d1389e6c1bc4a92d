import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { eventually, freePort, startProgram, testVariable } from '@fowergram/testing';
import { RedisClient } from '../src/index.js';
import { optionsOf } from '../src/redis-address.js';

describe('The address of Redis', () => {
  it('names one server, or Sentinels and the name of their primary', () => {
    expect(optionsOf('redis://post:p%40ss@redis')).toEqual({
      username: 'post',
      password: 'p@ss',
      db: 0,
      host: 'redis',
      port: 6379,
    });
    expect(optionsOf('rediss://post:x@one:1/2?sentinel=main&at=two&at=[::1]:3')).toMatchObject({
      db: 2,
      tls: {},
      enableTLSForSentinelMode: true,
      name: 'main',
      sentinels: [
        { host: 'one', port: 1 },
        { host: 'two', port: 26379 },
        { host: '::1', port: 3 },
      ],
    });
  });
});

describe('A connection by way of a Sentinel', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fowergram-sentinel-'));
  const programs: { stop: () => Promise<void> }[] = [];
  const started = (args: string[]) => void programs.push(startProgram(testVariable('REDIS_SERVER'), args));
  const ports = { primary: 0, replica: 0, sentinel: 0 };
  let client: RedisClient;

  beforeAll(async () => {
    for (const name of ['primary', 'replica', 'sentinel'] as const) ports[name] = await freePort();
    const common = ['--bind', '127.0.0.1', '--save', '', '--dir', folder, '--repl-diskless-sync-delay', '0'];
    started(['--port', String(ports.primary), ...common]);
    started(['--port', String(ports.replica), ...common, '--replicaof', '127.0.0.1', String(ports.primary)]);
    await eventually(async () => expect(await ask(ports.replica, 'role')).toContain('connected'), 20_000);
    const config = join(folder, 'sentinel.conf');
    writeFileSync(
      config,
      `bind 127.0.0.1\nport ${ports.sentinel}\nsentinel monitor main 127.0.0.1 ${ports.primary} 1\n`,
    );
    started([config, '--sentinel']);
    await eventually(
      async () => expect(await ask(ports.sentinel, 'sentinel', 'replicas', 'main')).toHaveLength(1),
      20_000,
    );
    client = new RedisClient(
      `redis://127.0.0.1:${ports.sentinel}?sentinel=main`,
      { name: 'probe', whileAway: 'the test waits' },
      pino({ level: 'silent' }),
      new Registry(),
    );
    await client.onModuleInit();
  });

  afterAll(async () => {
    client?.onApplicationShutdown();
    for (const program of programs.reverse()) await program.stop();
  });

  it('follows the primary to another server', async () => {
    await eventually(() => client.client.set('key', 'before'));
    await eventually(async () => expect(await ask(ports.replica, 'get', 'key')).toBe('before'));
    await eventually(async () => expect(await ask(ports.sentinel, 'sentinel', 'failover', 'main')).toBe('OK'));
    await eventually(async () => expect(await ask(ports.replica, 'role')).toContain('master'), 30_000);
    await eventually(async () => {
      await client.client.set('key', 'after');
      expect(await ask(ports.replica, 'get', 'key')).toBe('after');
    }, 30_000);
    expect(await client.client.get('key')).toBe('after');
  });
});

/** One command on a connection of its own. */
async function ask(port: number, command: string, ...args: string[]): Promise<unknown> {
  const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await redis.call(command, ...args);
  } finally {
    redis.disconnect();
  }
}
