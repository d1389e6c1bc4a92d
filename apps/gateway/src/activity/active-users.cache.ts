import { Injectable } from '@nestjs/common';
import { RedisClient } from '@fowergram/redis';

const KEPT_SECONDS = 2 * 24 * 60 * 60;

/** The distinct users of a day, as an estimate that names nobody (HyperLogLog: 12 kB, an error of 0.8 %). */
@Injectable()
export class ActiveUsersCache {
  constructor(private readonly redis: RedisClient) {}

  /** Adds users to a day and answers how many it has. */
  async add(day: string, userIds: readonly string[]): Promise<number> {
    const key = `gateway:active:${day}`;
    if (userIds.length > 0) {
      await this.redis.client.pfadd(key, ...userIds);
      await this.redis.client.expire(key, KEPT_SECONDS);
    }
    return this.redis.client.pfcount(key);
  }
}
