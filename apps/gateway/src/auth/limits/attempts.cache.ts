import { Injectable } from '@nestjs/common';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { RedisClient } from '@fowergram/redis';
import { exactKey } from './keys.rules.js';
import type { Limit } from './limits.rules.js';

const KNOWN_SECONDS = 30 * 24 * 60 * 60;

/**
 * In one step: a point is taken only while there is one, so a refused attempt neither counts nor prolongs anything, and a point given
 * back after the window is over makes no credit for the next one. The library's own script counts refused attempts as well.
 */
const TAKE_OR_GIVE_BACK = `
local used = tonumber(redis.call('get', KEYS[1]) or '0')
local change = tonumber(ARGV[1])
if (change > 0 and used + change <= tonumber(ARGV[3])) or (change < 0 and used > 0) then
  used = redis.call('incrby', KEYS[1], change)
  if redis.call('pttl', KEYS[1]) < 0 then redis.call('expire', KEYS[1], ARGV[2]) end
elseif change > 0 then
  used = used + change
end
return {used, redis.call('pttl', KEYS[1])}`;

/** Counts attempts in Redis. There is no second counter in memory: without Redis nothing is allowed. */
@Injectable()
export class AttemptsCache {
  private readonly counters = new Map<string, RateLimiterRedis>();

  constructor(private readonly redis: RedisClient) {}

  /** Takes a point: 0 when there was one, otherwise the milliseconds until there is one again. */
  async take(limit: Limit, key: string): Promise<number> {
    try {
      await this.counterOf(limit).consume(key);
      return 0;
    } catch (rejection) {
      if (!(rejection instanceof RateLimiterRes)) throw rejection;
      return Math.max(rejection.msBeforeNext, 1);
    }
  }

  async giveBack(limit: Limit, key: string): Promise<void> {
    await this.counterOf(limit).reward(key);
  }

  async isKnown(account: string, address: string): Promise<boolean> {
    return (await this.redis.client.exists(knownKey(account, address))) === 1;
  }

  async remember(account: string, address: string): Promise<void> {
    await this.redis.client.set(knownKey(account, address), '1', 'EX', KNOWN_SECONDS);
  }

  private counterOf(limit: Limit): RateLimiterRedis {
    let counter = this.counters.get(limit.name);
    if (!counter) {
      const { points, seconds, name } = limit;
      counter = new RateLimiterRedis({
        storeClient: this.redis.client,
        keyPrefix: `limit:${name}`,
        points,
        duration: seconds,
        customIncrTtlLuaScript: TAKE_OR_GIVE_BACK,
        rejectIfRedisNotReady: true,
      });
      this.counters.set(limit.name, counter);
    }
    return counter;
  }
}

const knownKey = (account: string, address: string): string => `known-address:${exactKey(account)}:${address}`;
