import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Worker } from 'bullmq';
import { type Histogram, Registry } from 'prom-client';
import { histogram, type Logger, LOGGER } from '@fowergram/service-kit';
import { RedisClient } from '../redis.client.js';
import { FAN_OUT, type FanOutPage } from './fan-out.queue.js';
import { FanOutService } from './fan-out.service.js';

/** Injects the address of the Redis that holds the jobs. */
export const JOBS_URL = Symbol('JOBS_URL');

const CONCURRENCY = 4;
const CLOSE_TIMEOUT_MS = 5_000;

/** The door for pages of followers beyond the first; its connection is restored for ever. */
@Injectable()
export class FanOutWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly duration: Histogram<'queue' | 'outcome'>;
  private worker: Worker<FanOutPage> | undefined;

  constructor(
    private readonly fanOut: FanOutService,
    @Inject(JOBS_URL) private readonly redisUrl: string,
    private readonly redis: RedisClient,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.duration = histogram(metrics, 'job_duration_seconds', 'Background jobs, by queue and outcome.', [
      'queue',
      'outcome',
    ]);
  }

  onApplicationBootstrap(): void {
    this.worker = new Worker<FanOutPage>(FAN_OUT, ({ data }) => this.work(data), {
      connection: {
        url: this.redisUrl,
        maxRetriesPerRequest: null,
        retryStrategy: (tries: number) => Math.min(20 * 2 ** tries, 1_000),
      },
      concurrency: CONCURRENCY,
      // A killed process leaves its pages locked: they are taken over soon, however often that happens.
      lockDuration: 10_000,
      stalledInterval: 5_000,
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    this.worker.on('error', (error) => this.log.debug({ err: error }, 'fan-out worker lost its road to Redis'));
  }

  async onModuleDestroy(): Promise<void> {
    // Without Redis nobody could be told that a page is done: it is taken over later, and doing it twice is harmless.
    const closed = this.worker?.close(!this.redis.isUp).catch(() => undefined);
    await Promise.race([closed, setTimeout(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
  }

  private async work(page: FanOutPage): Promise<void> {
    const end = this.duration.startTimer({ queue: FAN_OUT });
    try {
      await this.fanOut.deliverPage(page);
      end({ outcome: 'done' });
    } catch (error) {
      end({ outcome: 'retried' });
      this.log.warn({ err: error, postId: page.postId }, 'page of a fan-out failed, will be tried again');
      throw error;
    }
  }
}
