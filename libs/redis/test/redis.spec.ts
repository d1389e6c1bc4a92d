import type { TestingModule } from '@nestjs/testing';
import { Test } from '@nestjs/testing';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { CONFIG, ConfigError, LOGGER } from '@fowergram/service-kit';
import { eventually, startRedis, TcpProxy, type TestRedis } from '@fowergram/testing';
import { RedisClient, RedisModule } from '../src/index.js';

describe('A connection to Redis', () => {
  const proxy = new TcpProxy();
  const metrics = new Registry();
  const lines: { level: number; msg: string; connection: string }[] = [];
  let redis: TestRedis;
  let app: TestingModule;
  let client: RedisClient['client'];

  beforeAll(async () => {
    redis = await startRedis();
    const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) });
    const url = await proxy.to(redis.url);
    app = await Test.createTestingModule({
      imports: [
        {
          module: class Kit {},
          global: true,
          providers: [
            { provide: CONFIG, useValue: { REDIS_URL: url } },
            { provide: LOGGER, useValue: log },
            { provide: Registry, useValue: metrics },
          ],
          exports: [CONFIG, LOGGER, Registry],
        },
        RedisModule.with({ name: 'probe', whileAway: 'the test waits', options: { commandTimeout: 750 } }),
      ],
    }).compile();
    ({ client } = app.get(RedisClient));
    await app.init();
  });

  afterAll(async () => {
    await app.close();
    await proxy.cut();
    await redis.stop();
  });

  const isUp = async (): Promise<number | undefined> => {
    const { values } = (await metrics.getSingleMetric('redis_up')?.get()) ?? { values: [] };
    return values.find(({ labels }) => labels['connection'] === 'probe')?.value;
  };

  it('is there when the service takes its first request', () => {
    expect(client.status).toBe('ready');
  });

  it('that does not take the password is not waited for, and names its variable alone', async () => {
    const refused = new RedisClient(
      redis.url.replace(/:[^:@]*@/, ':wr0ng-horse@'),
      { name: 'refused', whileAway: 'nobody waits' },
      pino({ level: 'silent' }),
      new Registry(),
    );
    await expect(refused.onModuleInit()).rejects.toThrow(
      new ConfigError('REDIS_URL: Redis does not take this user and password.'),
    );
    refused.onApplicationShutdown();
  });

  it('fails a command at once while Redis is away, logs each change once, and connects again by itself', async () => {
    expect(await client.ping()).toBe('PONG');
    expect(await isUp()).toBe(1);

    await proxy.cut();
    await eventually(async () => (await isUp()) === 0);
    await expect(client.ping()).rejects.toThrow();

    let attempts = 0;
    client.on('reconnecting', () => attempts++);
    await eventually(() => attempts > 2);
    await proxy.restore();
    await eventually(async () => (await isUp()) === 1);

    expect(lines.map(({ level, msg, connection }) => [level, msg, connection])).toEqual([
      [30, 'connected to Redis', 'probe'],
      [40, 'Redis is out of reach, the test waits', 'probe'],
      [30, 'connected to Redis', 'probe'],
    ]);
  });

  it('takes the options of its owner beside those that all connections share', () => {
    expect(client.options).toMatchObject({ commandTimeout: 750, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  });

  it('ends with the service and logs nothing then', async () => {
    const before = lines.length;
    await app.close();
    await eventually(() => client.status === 'end');
    expect(lines).toHaveLength(before);
    expect(await isUp()).toBe(0);
  });
});
