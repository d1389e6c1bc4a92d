import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Job, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import sharp from 'sharp';
import { Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { QUEUE } from './processing.queue.js';
import { ProcessingService } from './processing.service.js';

const JOBS_AT_ONCE = 2;
/** A killed process's picture is taken up again after at most LOCK_MS + STALLED_INTERVAL_MS. */
const LOCK_MS = 6_000;
const STALLED_INTERVAL_MS = 3_000;
const SWEEP_INTERVAL_MS = 2_000;
/** The default of 15 seconds would keep pictures waiting that long after every blink of Redis, and the drain as well. */
const FETCH_AGAIN_AFTER_MS = 1_000;
const DRAIN_MS = 8_000;

/** The door of the jobs. */
@Injectable()
export class ProcessingWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private worker: Worker<{ mediaId: string }> | undefined;

  constructor(
    private readonly redis: Redis,
    private readonly processing: ProcessingService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    // One thread per picture, and nothing kept: strangers' pictures must not take the cores or the memory of the requests.
    sharp.concurrency(1);
    sharp.cache(false);
    this.worker = new Worker(
      QUEUE.name,
      (job: Job<{ mediaId: string }>) => this.processing.process(job.data.mediaId, isLastTry(job)),
      {
        connection: this.redis,
        prefix: QUEUE.prefix,
        concurrency: JOBS_AT_ONCE,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_INTERVAL_MS,
        runRetryDelay: FETCH_AGAIN_AFTER_MS,
        // Pictures that take the process down with them are counted in their row, which no flush of Redis forgets.
        maxStalledCount: 100,
      },
    );
    this.worker.on('error', (error) => this.log.debug({ err: error }, 'the worker cannot reach its queue'));
    this.worker.on('failed', (job, error) =>
      this.log.warn({ err: error, mediaId: job?.data.mediaId }, 'picture not processed'),
    );
  }

  @Every(SWEEP_INTERVAL_MS, 'requeue stuck media')
  requeueStuck(): Promise<void> {
    return this.processing.requeueStuck();
  }

  /** Takes no further job and finishes those under way; without Redis there is nobody to tell, and no reason to wait. */
  async onModuleDestroy(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, DRAIN_MS)));
    await Promise.race([this.worker?.close().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}

const isLastTry = (job: Job): boolean => job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
