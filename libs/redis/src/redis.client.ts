import { once } from 'node:events';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import type { Registry } from 'prom-client';
import { ConfigError, gauge, type Logger } from '@fowergram/service-kit';
import { optionsOf } from './redis-address.js';

const CONNECT_TIMEOUT_MS = 2_000;
const MAX_RECONNECT_DELAY_MS = 500;

/** How Redis words that it does not take a user or its password. */
const FORBIDDEN_ERROR = /^(WRONGPASS|NOAUTH)\b/;

export interface RedisConnection {
  /** Which connection of the service this is, in the metric and in the log. */
  name: string;
  /** What the log says that users notice while Redis is away. */
  whileAway: string;
  /** What this connection needs beyond failing at once while Redis is away. */
  options?: RedisOptions;
}

/** A connection to Redis that reconnects for ever and shows in metric and log whether it is there. */
export class RedisClient implements OnModuleInit, OnApplicationShutdown {
  readonly client: Redis;
  private isUp = false;
  private isRefused = false;

  constructor(
    url: string,
    { name, whileAway, options }: RedisConnection,
    private readonly log: Logger,
    metrics: Registry,
  ) {
    const up = gauge(metrics, 'redis_up', 'Whether the connection to Redis is there.', ['connection']);
    up.set({ connection: name }, 0);
    this.client = new Redis({
      ...optionsOf(url),
      enableOfflineQueue: false,
      // What was under way when a connection broke must fail, and never run against the server of the next connection.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      retryStrategy: (tries) => Math.min(20 * 2 ** tries, MAX_RECONNECT_DELAY_MS),
      ...options,
    });
    this.client.on('ready', () => {
      up.set({ connection: name }, 1);
      this.note(true, name, 'connected to Redis');
    });
    this.client.on('close', () => {
      up.set({ connection: name }, 0);
      this.note(false, name, `Redis is out of reach, ${whileAway}`);
    });
    // Each failed attempt ends here; the close event logs the change of state.
    this.client.on('error', ({ message }) => (this.isRefused = FORBIDDEN_ERROR.test(message)));
  }

  /**
   * Waits until Redis answers or is known to be away: whoever came before that would be refused though nothing is wrong. Throws
   * ConfigError where waiting does not help.
   */
  async onModuleInit(): Promise<void> {
    if (this.client.status === 'ready' || this.client.status === 'wait') return;
    await this.firstAnswer();
    if (this.isRefused) throw new ConfigError('REDIS_URL: Redis does not take this user and password.');
  }

  private async firstAnswer(): Promise<void> {
    const signal = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
    await Promise.race([once(this.client, 'ready', { signal }), once(this.client, 'close', { signal })]).catch(
      () => undefined,
    );
  }

  onApplicationShutdown(): void {
    this.isUp = false;
    this.client.disconnect();
  }

  private note(isUp: boolean, connection: string, message: string): void {
    if (isUp !== this.isUp) this.log[isUp ? 'info' : 'warn']({ connection }, message);
    this.isUp = isUp;
  }
}
