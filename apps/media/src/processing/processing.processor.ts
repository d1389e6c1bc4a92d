import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type OnModuleDestroy } from '@nestjs/common';
import type { Job } from 'bullmq';
import sharp from 'sharp';
import { Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { type ProcessingJob, QUEUE } from './processing.queue.js';
import { ProcessingService } from './processing.service.js';

/** A killed process's picture is taken up again after at most LOCK_MS + STALLED_INTERVAL_MS. */
const LOCK_MS = 6_000;
const STALLED_INTERVAL_MS = 3_000;
const SWEEP_INTERVAL_MS = 2_000;

@Processor(QUEUE.name, {
  concurrency: 2,
  lockDuration: LOCK_MS,
  stalledInterval: STALLED_INTERVAL_MS,
  // The default of 15 seconds would keep pictures waiting that long after every blink of Redis, and the drain as well.
  runRetryDelay: 1_000,
  // Pictures that take the process down with them are counted in their row, which no flush of Redis loses.
  maxStalledCount: 100,
})
export class ProcessingProcessor extends WorkerHost implements OnModuleDestroy {
  constructor(
    private readonly processing: ProcessingService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    super();
    // One thread per picture, and nothing cached: strangers' pictures must not take the cores or the memory of the requests.
    sharp.concurrency(1);
    sharp.cache(false);
  }

  process(job: Job<ProcessingJob>): Promise<void> {
    return this.processing.process(job.data.mediaId, isLastTry(job));
  }

  @Every(SWEEP_INTERVAL_MS, 'requeue stuck media')
  requeueStuck(): Promise<void> {
    return this.processing.requeueStuck();
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<ProcessingJob> | undefined, error: Error): void {
    this.log.warn({ err: error, mediaId: job?.data.mediaId }, 'picture not processed');
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.log.debug({ err: error }, 'processing worker cannot reach its queue');
  }

  /** Finishes the pictures under way while the stores are still open: Nest itself closes workers after them. */
  async onModuleDestroy(): Promise<void> {
    await this.worker.close();
  }
}

const isLastTry = (job: Job): boolean => job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
