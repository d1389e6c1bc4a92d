import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type OnModuleDestroy } from '@nestjs/common';
import type { Job } from 'bullmq';
import { JobMetrics } from '@fowergram/jobs';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { FAN_OUT, type FanOutPage } from './fan-out.queue.js';
import { FanOutService } from './fan-out.service.js';

/** Delivers posts to pages of followers beyond the first. */
@Processor(FAN_OUT.name, {
  concurrency: 4,
  // A killed process leaves its pages locked: they are taken over soon, however often that happens.
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: Number.MAX_SAFE_INTEGER,
})
export class FanOutProcessor extends WorkerHost implements OnModuleDestroy {
  constructor(
    private readonly fanOut: FanOutService,
    private readonly metrics: JobMetrics,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    super();
  }

  process({ data }: Job<FanOutPage>): Promise<void> {
    return this.metrics.measure(FAN_OUT.name, () => this.fanOut.deliverPage(data));
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<FanOutPage> | undefined, error: Error): void {
    this.log.warn({ err: error, postId: job?.data.postId }, 'page of a fan-out failed, will be tried again');
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.log.debug({ err: error }, 'fan-out worker cannot reach its queue');
  }

  /** Finishes the pages under way while the stores are still open: Nest itself closes workers after them. */
  async onModuleDestroy(): Promise<void> {
    await this.worker.close();
  }
}
