import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Global, type INestApplicationContext, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Job, Queue } from 'bullmq';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { CONFIG, LOGGER } from '@fowergram/service-kit';
import { eventually, startRedis, TcpProxy, type TestRedis } from '@fowergram/testing';
import { JobMetrics, JobsModule, JobsRedis, QueueMetrics } from '../src/index.js';

const QUEUE = { name: 'greetings', defaultJobOptions: { attempts: 100, backoff: 50 } };

@Global()
@Module({
  providers: [
    { provide: Registry, useFactory: () => new Registry() },
    { provide: LOGGER, useValue: pino({ level: 'silent' }) },
  ],
  exports: [Registry, LOGGER],
})
class ReportingModule {}

@Injectable()
class Producer {
  constructor(
    @InjectQueue(QUEUE.name) private readonly queue: Queue<string>,
    private readonly redis: JobsRedis,
  ) {
    queue.on('error', () => undefined);
  }

  add(name: string): Promise<unknown> {
    return this.redis.run(() => this.queue.add('greet', name, { jobId: name }));
  }
}

@Processor(QUEUE.name, { runRetryDelay: 100 })
class GreetingsProcessor extends WorkerHost implements OnModuleDestroy {
  readonly done: string[] = [];
  readonly begun: string[] = [];
  pause: Promise<void> | undefined;

  async process({ data }: Job<string>): Promise<void> {
    this.begun.push(data);
    await this.pause;
    this.done.push(data);
  }

  async onModuleDestroy(): Promise<void> {
    await this.worker.close();
  }
}

describe('the jobs of a service', () => {
  let redis: TestRedis;
  let proxy: TcpProxy;
  let app: INestApplicationContext;
  let producer: Producer;
  let processor: GreetingsProcessor;

  beforeEach(async () => {
    redis = await startRedis();
    proxy = new TcpProxy();
    const config = { provide: CONFIG, useValue: { REDIS_URL: await proxy.to(redis.url) } };
    @Global()
    @Module({ providers: [config], exports: [CONFIG] })
    class ConfigModule {}
    @Module({
      imports: [ConfigModule, ReportingModule, JobsModule.with(QUEUE)],
      providers: [Producer, GreetingsProcessor],
    })
    class GreetingsModule {}
    app = await NestFactory.createApplicationContext(GreetingsModule, { logger: false, abortOnError: false });
    producer = app.get(Producer);
    processor = app.get(GreetingsProcessor);
    processor.worker.on('error', () => undefined);
    await eventually(() => app.get(JobsRedis).client.status === 'ready');
  });

  afterEach(async () => {
    await app.close();
    await proxy.cut();
    await redis.stop();
  });

  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt;
  };

  it('are processed once each', async () => {
    await Promise.all(['a', 'b', 'a'].map((name) => producer.add(name)));
    await eventually(() => processor.done.length >= 2);
    expect(processor.done.sort()).toEqual(['a', 'b']);
  });

  it('are measured by their queue and by whether they have to be retried', async () => {
    const metrics = app.get(JobMetrics);
    expect(await metrics.measure(QUEUE.name, () => Promise.resolve('hello'))).toBe('hello');
    await expect(metrics.measure(QUEUE.name, () => Promise.reject(new Error('not now')))).rejects.toThrow('not now');
    const text = await app.get(Registry).metrics();
    for (const outcome of ['done', 'retried'])
      expect(text).toContain(`job_duration_seconds_count{queue="greetings",outcome="${outcome}"} 1`);
  });

  it('are counted while they wait, with the age of the oldest', async () => {
    let goOn: () => void = () => undefined;
    processor.pause = new Promise((resolve) => (goOn = resolve));
    await producer.add('a');
    await eventually(() => processor.begun.length === 1);
    await producer.add('b');
    const value = async (series: string): Promise<number> => {
      await app.get(QueueMetrics).measure();
      const text = await app.get(Registry).metrics();
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(series))
          ?.split(' ')[1],
      );
    };
    expect(await value('queue_jobs{queue="greetings",state="active"}')).toBe(1);
    expect(await value('queue_jobs{queue="greetings",state="waiting"}')).toBe(1);
    await eventually(async () => (await value('queue_oldest_waiting_seconds{queue="greetings"}')) > 0.05);
    goOn();
    await eventually(() => processor.done.length === 2);
    expect(await value('queue_jobs{queue="greetings",state="waiting"}')).toBe(0);
    expect(await value('queue_oldest_waiting_seconds{queue="greetings"}')).toBe(0);
  });

  it('are refused at once while Redis is away, and processed when it is back', async () => {
    await proxy.cut();
    await eventually(() => app.get(JobsRedis).client.status !== 'ready');
    const refused = expect(producer.add('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await timed(() => refused)).toBeLessThan(500);
    await proxy.restore();
    await eventually(() =>
      producer.add('b').then(
        () => true,
        () => false,
      ),
    );
    await eventually(() => processor.done.includes('b'));
  });

  it('are refused within a second by a connection that was lost without a sign, which is made anew', async () => {
    proxy.silence();
    const refused = expect(producer.add('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await timed(() => refused)).toBeLessThan(1_500);
    await proxy.restore();
    await eventually(() =>
      producer.add('b').then(
        () => true,
        () => false,
      ),
    );
    await eventually(() => processor.done.includes('b'));
  });

  it('under way are finished before the service stops', async () => {
    let finish = () => undefined as void;
    processor.pause = new Promise((resolve) => (finish = resolve));
    await producer.add('a');
    await eventually(() => processor.begun.length === 1);
    const closed = app.close().then(() => processor.done);
    finish();
    expect(await closed).toEqual(['a']);
  });

  it('keep no service from stopping while Redis is away', async () => {
    await proxy.cut();
    await eventually(() => app.get(JobsRedis).client.status !== 'ready');
    expect(await timed(() => app.close())).toBeLessThan(2_000);
  });

  it('that never end keep no service from stopping', async () => {
    processor.pause = new Promise(() => undefined);
    await producer.add('a');
    await eventually(() => processor.begun.length === 1);
    await proxy.cut();
    expect(await timed(() => app.close())).toBeLessThan(10_000);
  });
});
