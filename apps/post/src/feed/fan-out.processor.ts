import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type OnModuleDestroy } from '@nestjs/common';
import type { Job } from 'bullmq';
import { type Histogram, Registry } from 'prom-client';
import { histogram, type Logger, LOGGER } from '@fowergram/service-kit';
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
  private readonly duration: Histogram<'queue' | 'outcome'>;

  constructor(
    private readonly fanOut: FanOutService,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    super();
    this.duration = histogram(metrics, 'job_duration_seconds', 'Background jobs, by queue and outcome.', [
      'queue',
      'outcome',
    ]);
  }

  async process({ data }: Job<FanOutPage>): Promise<void> {
    const end = this.duration.startTimer({ queue: FAN_OUT.name });
    try {
      await this.fanOut.deliverPage(data);
      end({ outcome: 'done' });
    } catch (error) {
      end({ outcome: 'retried' });
      throw error;
    }
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
