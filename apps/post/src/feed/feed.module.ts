import { type DynamicModule, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { AccountsModule } from '../accounts/accounts.module.js';
import { RedisClient } from '../redis.client.js';
import { FanOutQueue } from './fan-out.queue.js';
import { FanOutService } from './fan-out.service.js';
import { FanOutWorker, JOBS_URL } from './fan-out.worker.js';
import { FeedCache } from './feed.cache.js';
import { FeedEventsController } from './feed-events.controller.js';
import { FeedController } from './feed.controller.js';
import { FeedRepository } from './feed.repository.js';
import { FeedService } from './feed.service.js';

/**
 * Global: the erasure of an account drops its cached feed. Redis is no condition of being ready: without it feeds come from
 * Postgres, so no health check asks for it.
 */
@Module({})
export class FeedModule {
  static with(redisUrl: string): DynamicModule {
    return {
      module: FeedModule,
      global: true,
      imports: [AccountsModule],
      controllers: [FeedController, FeedEventsController],
      providers: [
        { provide: JOBS_URL, useValue: redisUrl },
        {
          provide: RedisClient,
          inject: [LOGGER, Registry],
          useFactory: (log: Logger, metrics: Registry) => new RedisClient(redisUrl, log, metrics),
        },
        FanOutQueue,
        FeedService,
        FeedRepository,
        FeedCache,
        FanOutService,
        FanOutWorker,
      ],
      exports: [FeedCache],
    };
  }
}
