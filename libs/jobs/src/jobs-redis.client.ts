import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { AppError } from '@fowergram/contracts-core';
import { CONFIG } from '@fowergram/service-kit';

const COMMAND_TIMEOUT_MS = 1_000;
const MAX_RECONNECT_DELAY_MS = 1_000;

/** The connection of the service's queues to Redis, of which workers make their own copies; it reconnects for ever. */
@Injectable()
export class JobsRedis implements OnApplicationShutdown {
  readonly client: Redis;

  constructor(@Inject(CONFIG) config: { REDIS_URL: string }) {
    this.client = new Redis(config.REDIS_URL, {
      // BullMQ demands it: a worker's blocking command outlives every outage.
      maxRetriesPerRequest: null,
      retryStrategy: (tries) => Math.min(20 * 2 ** tries, MAX_RECONNECT_DELAY_MS),
    });
    // Without a listener every failed attempt to connect would be printed; queues and workers log them.
    this.client.on('error', () => undefined);
  }

  /** Runs a command of a queue; throws UNAVAILABLE at once while Redis is away, and when there is no answer within a second. */
  async run<T>(command: () => Promise<T>): Promise<T> {
    // The client would hold what it cannot send.
    if (this.client.status !== 'ready') throw unavailable();
    const answer = command().then((value) => ({ value }));
    const outcome = await Promise.race([answer, setTimeout(COMMAND_TIMEOUT_MS, undefined, { ref: false })]).catch(
      (error: unknown) => {
        throw unavailable(error);
      },
    );
    if (outcome) return outcome.value;
    answer.catch(() => undefined);
    // A connection that was lost without a sign would stay silent for minutes.
    this.client.disconnect(true);
    throw unavailable();
  }

  onApplicationShutdown(): void {
    this.client.disconnect();
  }
}

const unavailable = (cause?: unknown): AppError =>
  new AppError('UNAVAILABLE', 'The queue does not answer.', {}, { cause });
