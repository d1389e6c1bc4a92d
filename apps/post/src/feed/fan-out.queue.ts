import { setTimeout } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Queue } from 'bullmq';
import { AppError } from '@fowergram/contracts-core';
import { RedisClient } from '../redis.client.js';
import type { CreatedPost } from './feed.cache.js';

export const FAN_OUT = 'fan-out';

const ADD_TIMEOUT_MS = 1_000;
const RETRY_MS = 1_000;

/** One page of followers that a post is pushed to: those after `afterId`. */
export interface FanOutPage extends CreatedPost {
  number: number;
  afterId: string;
}

/** The pages of followers that wait for their delivery. */
@Injectable()
export class FanOutQueue implements OnApplicationShutdown {
  private readonly queue: Queue<FanOutPage>;

  constructor(redis: RedisClient) {
    this.queue = new Queue<FanOutPage>(FAN_OUT, {
      connection: redis.client,
      defaultJobOptions: {
        // A page that is given up would be a hole in warm feeds, so it is tried until the services that it needs are back.
        attempts: Number.MAX_SAFE_INTEGER,
        backoff: { type: 'fixed', delay: RETRY_MS },
        removeOnComplete: true,
      },
    });
    // A failed add throws, and the connection logs its own state.
    this.queue.on('error', () => undefined);
  }

  /** Adds a page once, however often it is called while the page waits; throws UNAVAILABLE when Redis does not answer. */
  async add(page: FanOutPage): Promise<void> {
    const added = this.queue.add('page', page, { jobId: `${page.postId}-${page.number}` }).then(() => true);
    const outcome = await Promise.race([added.catch(() => false), setTimeout(ADD_TIMEOUT_MS, false, { ref: false })]);
    if (!outcome) throw new AppError('UNAVAILABLE', 'The queue does not answer.');
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.race([
      this.queue.close().catch(() => undefined),
      setTimeout(ADD_TIMEOUT_MS, undefined, { ref: false }),
    ]);
  }
}
