import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { QueueState } from '@fowergram/contracts-core';
import { JobsRedis, queueState } from '@fowergram/jobs';
import { type Logger, LOGGER } from '@fowergram/service-kit';

export const QUEUE = {
  name: 'process-picture',
  prefix: 'media',
  /** About half a minute of tries; after that the sweep asks again, for as long as the media is PROCESSING. */
  defaultJobOptions: {
    attempts: 5,
    backoff: { type: 'exponential', delay: 1_000 },
    removeOnComplete: true,
    removeOnFail: true,
  },
};

export interface ProcessingJob {
  mediaId: string;
}

/** Signals that a picture waits for its processing. The row in Postgres is the truth, so a signal may be lost and may come twice. */
@Injectable()
export class ProcessingQueue {
  constructor(
    @InjectQueue(QUEUE.name) private readonly queue: Queue<ProcessingJob>,
    private readonly redis: JobsRedis,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    queue.on('error', (error) => log.debug({ err: error }, 'processing queue is unreachable'));
  }

  /** Asks for each media once, however often it is called; false when Redis does not answer. */
  async add(mediaIds: string[]): Promise<boolean> {
    const jobs = mediaIds.map((mediaId) => ({ name: 'process', data: { mediaId }, opts: { jobId: mediaId } }));
    try {
      await this.redis.run(() => this.queue.addBulk(jobs));
      return true;
    } catch (error) {
      this.log.warn({ err: error, count: jobs.length }, 'jobs not added, the sweep will try again');
      return false;
    }
  }

  /** Throws UNAVAILABLE when Redis does not answer. */
  state(): Promise<QueueState> {
    return this.redis.run(() => queueState(this.queue));
  }
}
