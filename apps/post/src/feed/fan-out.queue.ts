import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { QueueState } from '@fowergram/contracts-core';
import { JobsRedis, queueState } from '@fowergram/jobs';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import type { CreatedPost } from './feed.cache.js';

export const FAN_OUT = {
  name: 'fan-out',
  prefix: 'post',
  defaultJobOptions: {
    // A page that is given up would be a hole in warm feeds, so it is tried until the services that it needs are back.
    attempts: Number.MAX_SAFE_INTEGER,
    backoff: { type: 'fixed', delay: 1_000 },
    removeOnComplete: true,
  },
};

/** One page of followers that a post is pushed to: those after `afterId`. */
export interface FanOutPage extends CreatedPost {
  afterId: string;
}

/** The pages of followers that wait for their delivery. */
@Injectable()
export class FanOutQueue {
  constructor(
    @InjectQueue(FAN_OUT.name) private readonly queue: Queue<FanOutPage>,
    private readonly redis: JobsRedis,
    @Inject(LOGGER) log: Logger,
  ) {
    queue.on('error', (error) => log.debug({ err: error }, 'fan-out queue is unreachable'));
  }

  /**
   * Adds a page once, however often it is called while the page waits. Pages differ by where they begin, since the followers
   * before may have become others when a post comes again. Throws UNAVAILABLE when Redis does not answer.
   */
  async add(page: FanOutPage): Promise<void> {
    await this.redis.run(() =>
      this.queue.add('page', page, { jobId: `${page.postId}-${page.authorId}-${page.afterId}` }),
    );
  }

  /** Throws UNAVAILABLE when Redis does not answer. */
  state(): Promise<QueueState> {
    return this.redis.run(() => queueState(this.queue));
  }
}
