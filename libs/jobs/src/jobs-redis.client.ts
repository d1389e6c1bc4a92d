import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { AppError } from '@fowergram/contracts-core';
import { RedisClient, type RedisConnection } from '@fowergram/redis';

const COMMAND_TIMEOUT_MS = 1_000;

/** BullMQ demands it: a worker's blocking command outlives every outage. */
export const JOBS_CONNECTION: RedisConnection = {
  name: 'jobs',
  whileAway: 'jobs wait',
  options: { maxRetriesPerRequest: null, enableOfflineQueue: true, autoResendUnfulfilledCommands: true },
};

/** The connection of the service's queues to Redis, of which workers make their own copies. */
@Injectable()
export class JobsRedis {
  readonly client: Redis;

  constructor({ client }: RedisClient) {
    this.client = client;
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
}

const unavailable = (cause?: unknown): AppError =>
  new AppError('UNAVAILABLE', 'The queue does not answer.', {}, { cause });
