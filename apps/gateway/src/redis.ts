import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { CONFIG, gauge, type Logger, LOGGER } from '@fowergram/service-kit';
import type { Config } from './config.js';

/** How long anybody waits for an answer of Redis. */
export const TIMEOUT_MS = 500;
const MAX_RECONNECT_DELAY_MS = 500;

/** The connection to the Redis that counts attempts and remembers ended sessions: a command fails within half a second when Redis is away. */
@Injectable()
export class RedisLink implements OnApplicationShutdown {
  readonly client: Redis;

  constructor(@Inject(CONFIG) config: Config, @Inject(LOGGER) log: Logger, metrics: Registry) {
    const up = gauge(metrics, 'redis_up', 'Whether the connection to Redis is there.');
    this.client = new Redis(config.REDIS_URL, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      commandTimeout: TIMEOUT_MS,
      retryStrategy: (tries) => Math.min(20 * 2 ** tries, MAX_RECONNECT_DELAY_MS),
    });
    let wasUp = false;
    this.client.on('ready', () => {
      up.set(1);
      wasUp = true;
    });
    this.client.on('close', () => {
      up.set(0);
      if (wasUp) log.warn('Redis is out of reach, nobody can sign in');
      wasUp = false;
    });
    // Each failed attempt ends here; the close event has reported the change of state already.
    this.client.on('error', () => undefined);
  }

  onApplicationShutdown(): void {
    this.client.disconnect();
  }
}
