import type { OnApplicationShutdown } from '@nestjs/common';
import { Redis, ReplyError } from 'ioredis';
import type { Registry } from 'prom-client';
import { AppError } from '@fowergram/contracts-core';
import { gauge, type Logger } from '@fowergram/service-kit';

/** How long a reader waits before it asks Postgres instead. */
const PATIENCE_MS = 200;
/** A connection that has said nothing for so long, though asked, is made anew. */
const SILENCE_MS = 5_000;
const MAX_RECONNECT_DELAY_MS = 500;
/** After a command that was not answered in time, the next ones fail at once for so long. */
const REST_AFTER_TIMEOUT_MS = 1_000;

/**
 * The road to the Redis that holds the feeds. It never makes anybody wait: a command fails at once while the connection is down,
 * and within 200 ms while Redis does not answer. The connection is restored for ever.
 */
export class RedisLink implements OnApplicationShutdown {
  readonly client: Redis;
  private runId: string | undefined;
  private restUntil = 0;

  constructor(
    url: string,
    private readonly log: Logger,
    metrics: Registry,
  ) {
    const up = gauge(metrics, 'redis_up', 'Whether the connection to Redis is there.');
    this.client = new Redis(url, {
      enableAutoPipelining: true,
      enableOfflineQueue: false,
      // What was under way when a connection broke must fail, and never run against the server of the next connection.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      socketTimeout: SILENCE_MS,
      retryStrategy: (tries) => Math.min(20 * 2 ** tries, MAX_RECONNECT_DELAY_MS),
    });
    this.client.on('ready', () => {
      void this.identify().then(() => up.set(1));
    });
    this.client.on('close', () => {
      if (this.runId) log.warn('Redis is out of reach, feeds come from Postgres');
      this.runId = undefined;
      up.set(0);
    });
    // Each failed attempt ends here; the close event has told the change of state already.
    this.client.on('error', () => undefined);
  }

  get isUp(): boolean {
    return this.runId !== undefined;
  }

  /**
   * The id of the running server, a new one after each restart or failover. What was cached under another id may be an old
   * state that came back from a snapshot. Throws UNAVAILABLE while Redis is out of reach.
   */
  run(): string {
    if (!this.runId || Date.now() < this.restUntil) throw new AppError('UNAVAILABLE', 'Redis does not answer.');
    return this.runId;
  }

  /** Runs a command; throws UNAVAILABLE when it has no answer in time. */
  async ask<T>(command: (client: Redis) => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
    try {
      return await answerWithin(patienceMs, command(this.client));
    } catch (error) {
      if (error instanceof Silence) this.restUntil = Date.now() + REST_AFTER_TIMEOUT_MS;
      // An answer that is an error is a full, loading or read-only Redis, or our own mistake: somebody should know.
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
      this.log.info('Redis is there');
    } catch (error) {
      this.log.warn({ err: error }, 'Redis does not tell its run id, connecting again');
      this.client.disconnect(true);
    }
  }
}

class Silence extends Error {}

/**
 * Throws Silence when there is no answer in time. A busy process may run the timer late, with the answer waiting in the socket:
 * that is no silence, so what has arrived is read before the judgement.
 */
function answerWithin<T>(ms: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => setImmediate(() => setImmediate(() => reject(new Silence('no answer in time')))),
      ms,
    );
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
