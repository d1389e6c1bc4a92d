import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { RedisClient } from '@fowergram/redis';
import { eventually, freePort, type Program, startProgram, testVariable } from '@fowergram/testing';
import { PointsCache, sharedKey } from '../../src/limits/points.cache.js';

const ALL_SLOTS = [0, 16_383] as const;

describe('Points on a cluster of Redis', () => {
  let folder: string;
  let program: Program;
  let client: Redis;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fowergram-cluster-'));
    const port = await freePort();
    const options = { port, bind: '127.0.0.1', dir: folder, save: '', 'cluster-enabled': 'yes' };
    program = startProgram(
      testVariable('REDIS_SERVER'),
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    );
    client = new Redis({ port, maxRetriesPerRequest: null, retryStrategy: () => 50 });
    client.on('error', () => undefined);
    await client.cluster('ADDSLOTSRANGE', ...ALL_SLOTS);
    await eventually(async () => (await client.cluster('INFO')).includes('cluster_state:ok'));
  });
  afterAll(async () => {
    client?.disconnect();
    await program?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('of many users and addresses are taken in one call, since their keys lie in one place', async () => {
    const cache = new PointsCache({ client } as RedisClient);
    const groups = Array.from({ length: 50 }, (_none, index) => ({
      asks: true,
      fillings: ['likes-hour', 'likes-day'].map((name) => ({
        key: sharedKey(`${name}:user-${index}`),
        ms: 1_000,
        limitMs: 1_500,
      })),
    }));
    const now = Date.now();
    expect((await cache.fill(now, groups)).map(({ fits }) => fits)).toEqual(groups.map(() => true));
    expect((await cache.fill(now, groups)).map(({ fits }) => fits)).toEqual(groups.map(() => false));
    expect(await client.dbsize()).toBe(100);
  });
});
