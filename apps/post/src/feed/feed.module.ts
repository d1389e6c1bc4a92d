import { Global, Module } from '@nestjs/common';
import { JobsModule } from '@fowergram/jobs';
import { RedisModule } from '@fowergram/redis';
import { VisibilityModule } from '@fowergram/visibility';
import { ErasureModule } from '../erasure/erasure.module.js';
import { PostsModule } from '../posts/posts.module.js';
import { FanOutProcessor } from './fan-out.processor.js';
import { FAN_OUT, FanOutQueue } from './fan-out.queue.js';
import { FanOutService } from './fan-out.service.js';
import { FEED_CONNECTION, FeedRedis } from './feed-redis.client.js';
import { FeedCache } from './feed.cache.js';
import { FeedEventsController } from './feed-events.controller.js';
import { FeedController } from './feed.controller.js';
import { FeedRepository } from './feed.repository.js';
import { HashtagFeedRepository } from './hashtag-feed.repository.js';
import { FeedService } from './feed.service.js';

/**
 * Global: the erasure of an account drops its cached feed. Redis is no condition of being ready: without it feeds come from
 * Postgres, so no health check asks for it.
 */
@Global()
@Module({
  imports: [ErasureModule, PostsModule, VisibilityModule, JobsModule.with(FAN_OUT), RedisModule.with(FEED_CONNECTION)],
  controllers: [FeedController, FeedEventsController],
  providers: [
    FeedRedis,
    FanOutQueue,
    FeedService,
    FeedRepository,
    HashtagFeedRepository,
    FeedCache,
    FanOutService,
    FanOutProcessor,
  ],
  exports: [FanOutQueue, FeedCache, FeedService, FanOutService],
})
export class FeedModule {}
