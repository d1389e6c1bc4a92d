import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { type Logger, LOGGER } from '@fowergram/service-kit';

export const QUEUE = { name: 'process-picture', prefix: 'media' };

const ADD_MS = 1_000;
/** About half a minute of tries; after that the sweep asks again, for as long as the media is PROCESSING. */
const JOB = { attempts: 5, backoff: { type: 'exponential', delay: 1_000 }, removeOnComplete: true, removeOnFail: true };

/** Hints that a picture waits for its processing. The row in Postgres is the truth, so a hint may be lost and may come twice. */
@Injectable()
export class ProcessingQueue implements OnApplicationShutdown {
  private readonly queue: Queue;

  constructor(
    private readonly redis: Redis,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.queue = new Queue(QUEUE.name, { connection: redis, prefix: QUEUE.prefix, defaultJobOptions: JOB });
    this.queue.on('error', (error) => log.debug({ err: error }, 'the queue is out of reach'));
  }

  /** Asks for each media once, however often it is called; false when Redis cannot be reached. */
  async add(mediaIds: string[]): Promise<boolean> {
    // The client would keep what it cannot send, and the sweep asks again every other second.
    if (this.redis.status !== 'ready') {
      this.log.warn({ count: mediaIds.length }, 'Redis is out of reach, media wait for their processing');
      return false;
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not added within ${ADD_MS} ms`)), ADD_MS);
    });
    try {
      await Promise.race([
        this.queue.addBulk(
          mediaIds.map((mediaId) => ({ name: 'process', data: { mediaId }, opts: { jobId: mediaId } })),
        ),
        late,
      ]);
      return true;
    } catch (error) {
      this.log.warn({ err: error }, 'jobs not added, the sweep will try again');
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.redis.status === 'ready') await this.queue.close().catch(() => undefined);
    this.redis.disconnect();
  }
}
