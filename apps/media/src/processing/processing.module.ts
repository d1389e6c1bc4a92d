import { type DynamicModule, Module } from '@nestjs/common';
import { Redis } from 'ioredis';
import { OutcomesService } from './outcomes.service.js';
import { ProcessingQueue } from './processing.queue.js';
import { ProcessingRepository } from './processing.repository.js';
import { ProcessingService } from './processing.service.js';
import { ProcessingWorker } from './processing.worker.js';

/** From the bytes of a stranger to variants that can be shown. Global: an upload begins it, the sweep of orphans ends it. */
@Module({})
export class ProcessingModule {
  static with(redisUrl: string): DynamicModule {
    return {
      module: ProcessingModule,
      global: true,
      providers: [
        { provide: Redis, useFactory: () => connectRedis(redisUrl) },
        ProcessingQueue,
        ProcessingWorker,
        ProcessingService,
        OutcomesService,
        ProcessingRepository,
      ],
      exports: [ProcessingQueue, OutcomesService],
    };
  }
}

/** Redis is no condition of being ready: without it uploads wait as PROCESSING, and everything else works. */
function connectRedis(url: string): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  // Without a listener every failed attempt to connect would be printed; the worker logs them.
  redis.on('error', () => undefined);
  return redis;
}
