import { Inject, Injectable } from '@nestjs/common';
import { type Redis, ReplyError } from 'ioredis';
import { AppError } from '@fowergram/contracts-core';
import { RedisClient, type RedisConnection } from '@fowergram/redis';
import { type Logger, LOGGER } from '@fowergram/service-kit';

/** How long a reader waits before it asks Postgres instead. */
const COMMAND_TIMEOUT_MS = 200;
/** A connection that has not answered for so long is made anew. */
const SOCKET_TIMEOUT_MS = 5_000;
/** After a command that was not answered in time, the next ones fail at once for so long. */
const PAUSE_AFTER_TIMEOUT_MS = 1_000;

export const FEED_CONNECTION: RedisConnection = {
  name: 'feeds',
  whileAway: 'feeds come from Postgres',
  options: { enableAutoPipelining: true, socketTimeout: SOCKET_TIMEOUT_MS },
};

/**
 * The Redis that holds the feeds. Nobody waits for it: a command fails at once while the connection is down, and within 200 ms
 * while Redis does not answer.
 */
@Injectable()
export class FeedRedis {
  readonly client: Redis;
  private runId: string | undefined;
  private pausedUntil = 0;

  constructor(
    { client }: RedisClient,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.client = client;
    client.on('ready', () => void this.identify());
    client.on('close', () => (this.runId = undefined));
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

  private async identify(): Promise<void> {
    try {
      this.runId = /run_id:(\w+)/.exec(await this.client.info('server'))?.[1];
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
