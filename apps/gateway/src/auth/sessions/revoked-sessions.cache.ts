import { Injectable } from '@nestjs/common';
import { RedisClient } from '@fowergram/redis';

const KEY = 'auth:ended-sessions';
/** Clocks of gateway processes differ a little, and what is written later may carry an earlier time. */
const OVERLAP_MS = 60_000;
const CONNECT_WITHIN_MS = 1_000;

/** Sessions that have ended while their access tokens were still good, by the time of their end: for processes that start later or heard nothing. */
@Injectable()
export class RevokedSessionsCache {
  private readUpTo = 0;

  constructor(private readonly redis: RedisClient) {}

  async add(handles: string[], rememberMs: number): Promise<void> {
    const now = Date.now();
    const results = await this.redis.client
      .multi()
      .zadd(KEY, ...handles.flatMap((handle) => [now, handle]))
      .zremrangebyscore(KEY, '-inf', now - rememberMs)
      .pexpire(KEY, rememberMs)
      .exec();
    const failure = results?.find(([error]) => error)?.[0];
    if (failure) throw failure;
  }

  /** The newest `limit` handles that were added since the last call, with a few that were known already. */
  async readNew(limit: number): Promise<string[]> {
    const startedAt = Date.now();
    const handles = await this.redis.client.zrange(
      KEY,
      '+inf',
      this.readUpTo - OVERLAP_MS,
      'BYSCORE',
      'REV',
      'LIMIT',
      0,
      limit,
    );
    this.readUpTo = startedAt;
    return handles;
  }

  /** From now on everything is new again: Redis may have been another one meanwhile. */
  rereadAll(): void {
    this.readUpTo = 0;
  }

  /** Waits a moment for a connection that is just being made. */
  async connected(): Promise<void> {
    const { client } = this.redis;
    if (client.status === 'ready') return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, CONNECT_WITHIN_MS);
      client.once('ready', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
