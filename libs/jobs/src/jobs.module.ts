import { type DynamicModule, Module } from '@nestjs/common';
import { BullModule, getQueueToken, type RegisterQueueOptions } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import { Registry } from 'prom-client';
import { RedisModule } from '@fowergram/redis';
import { DrainingWorker } from './draining-worker.js';
import { JobMetrics } from './job-metrics.service.js';
import { jobTelemetry } from './job-telemetry.js';
import { JOBS_CONNECTION, JobsRedis } from './jobs-redis.client.js';
import { QueueMetrics } from './queue-metrics.service.js';

BullModule.workerClass = DrainingWorker;

/** Provides a queue (`@InjectQueue`), its JobsRedis and JobMetrics, and connects the `@Processor` of the same name. */
@Module({})
export class JobsModule {
  static with(queue: RegisterQueueOptions & { name: string }): DynamicModule {
    const redis: DynamicModule = {
      module: JobsRedisModule,
      imports: [RedisModule.with(JOBS_CONNECTION)],
      providers: [JobsRedis],
      exports: [JobsRedis],
    };
    const queues = BullModule.registerQueueAsync({
      name: queue.name,
      imports: [redis],
      inject: [JobsRedis],
      useFactory: ({ client }: JobsRedis) => ({ ...queue, connection: client, telemetry: jobTelemetry }),
    });
    return {
      module: JobsModule,
      imports: [redis, queues],
      providers: [
        {
          provide: JobMetrics,
          inject: [Registry],
          useFactory: (metrics: Registry) => new JobMetrics(metrics, queue.name),
        },
        {
          provide: QueueMetrics,
          inject: [getQueueToken(queue.name), JobsRedis, Registry],
          useFactory: (of: Queue, redisOf: JobsRedis, metrics: Registry) => new QueueMetrics(of, redisOf, metrics),
        },
      ],
      exports: [redis, queues, JobMetrics],
    };
  }
}

@Module({})
class JobsRedisModule {}
