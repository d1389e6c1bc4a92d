import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis, ReplyError } from 'ioredis';
import { Registry } from 'prom-client';
import { AppError } from '@fowergram/contracts-core';
import { CONFIG, gauge, type Logger, LOGGER } from '@fowergram/service-kit';
import type { Config } from './config.js';

/** How long a reader waits before it asks Postgres instead. */
const COMMAND_TIMEOUT_MS = 200;
/** A connection that has not answered for so long is made anew. */
const SOCKET_TIMEOUT_MS = 5_000;
const MAX_RECONNECT_DELAY_MS = 500;
/** After a command that was not answered in time, the next ones fail at once for so long. */
const PAUSE_AFTER_TIMEOUT_MS = 1_000;

/**
 * The connection to the Redis that holds the feeds. Nobody waits for it: a command fails at once while the connection is down,
 * and within 200 ms while Redis does not answer. It reconnects for ever.
 */
@Injectable()
export class RedisClient implements OnApplicationShutdown {
  readonly client: Redis;
  private runId: string | undefined;
  private pausedUntil = 0;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    const up = gauge(metrics, 'redis_up', 'Whether the connection to Redis is there.');
    this.client = new Redis(config.REDIS_URL, {
      enableAutoPipelining: true,
      enableOfflineQueue: false,
      // What was under way when a connection broke must fail, and never run against the server of the next connection.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      socketTimeout: SOCKET_TIMEOUT_MS,
      retryStrategy: (tries) => Math.min(20 * 2 ** tries, MAX_RECONNECT_DELAY_MS),
    });
    this.client.on('ready', () => {
      void this.identify().then(() => up.set(1));
    });
    this.client.on('close', () => {
      if (this.runId) log.warn('Redis is unreachable, feeds come from Postgres');
      this.runId = undefined;
      up.set(0);
    });
    // Each failed attempt ends here; the close event has logged the change of state already.
    this.client.on('error', () => undefined);
  }

  /**
   * The id of the running server, a new one after each restart or failover. What was cached under another id may be an old
   * state that came back from a snapshot. Throws UNAVAILABLE while Redis is out of reach.
   */
  serverId(): string {
    if (!this.runId || Date.now() < this.pausedUntil) throw new AppError('UNAVAILABLE', 'Redis does not answer.');
    return this.runId;
  }

  /** Runs a command; throws UNAVAILABLE when it has no answer in time. */
  async run<T>(command: (client: Redis) => Promise<T>, timeoutMs = COMMAND_TIMEOUT_MS): Promise<T> {
    try {
      return await withTimeout(timeoutMs, command(this.client));
    } catch (error) {
      if (error instanceof CommandTimeout) this.pausedUntil = Date.now() + PAUSE_AFTER_TIMEOUT_MS;
      // An answer that is an error is a full, loading or read-only Redis, or our own mistake: it is logged.
      if (error instanceof ReplyError) this.log.error({ err: error }, 'Redis refused a command');
      throw new AppError('UNAVAILABLE', 'Redis does not answer.', {}, { cause: error });
    }
  }

  onApplicationShutdown(): void {
    this.runId = undefined;
    this.client.disconnect();
  }

  private async identify(): Promise<void> {
    try {
      this.runId = /run_id:(\w+)/.exec(await this.client.info('server'))?.[1];
      this.log.info('connected to Redis');
    } catch (error) {
      this.log.warn({ err: error }, 'Redis did not answer with its run id, connecting again');
      this.client.disconnect(true);
    }
  }
}

class CommandTimeout extends Error {}

/**
 * Throws CommandTimeout when there is no answer in time. A busy process may run the timer late, while the answer waits in the
 * socket: what has arrived is read before the timeout counts.
 */
function withTimeout<T>(ms: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => setImmediate(() => setImmediate(() => reject(new CommandTimeout('no answer in time')))),
      ms,
    );
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
