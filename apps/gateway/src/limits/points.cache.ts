import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RedisClient } from '@fowergram/redis';
import type { EmptyAt } from './levels.rules.js';

/**
 * For each group of buckets: fills all of them, or none when the group asks and one would be too full; answers whether they were
 * filled and when each will be empty. A bucket that is empty is no key at all.
 */
const FILL = `
local now, level, reply, arg, key = tonumber(ARGV[1]), {}, {}, 2, 1
while arg <= #ARGV do
  local size, fits = tonumber(ARGV[arg]), true
  local asks = ARGV[arg + 1] == '1'
  for i = 0, size - 1 do
    level[i] = math.max(tonumber(redis.call('get', KEYS[key + i]) or now), now)
    if asks and level[i] + ARGV[arg + 2 + 2 * i] - now > tonumber(ARGV[arg + 3 + 2 * i]) then fits = false end
  end
  reply[#reply + 1] = fits and '1' or '0'
  for i = 0, size - 1 do
    local ms = tonumber(ARGV[arg + 2 + 2 * i])
    if fits and ms > 0 then
      level[i] = level[i] + ms
      redis.call('set', KEYS[key + i], string.format('%.17g', level[i]), 'PX', math.ceil(level[i] - now))
    end
    reply[#reply + 1] = string.format('%.17g', level[i])
  end
  arg, key = arg + 2 + 2 * size, key + size
end
return reply`;

export interface Filling {
  /** Its `sharedKey`. */
  key: string;
  ms: number;
  limitMs: number;
}

/** Buckets that are filled together. */
export interface FillingGroup {
  /** False for what has happened already. */
  asks: boolean;
  fillings: readonly Filling[];
}

export interface FillingReply {
  fits: boolean;
  emptyAt: EmptyAt[];
}

interface Scripts {
  fill(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<string[]>;
}

/** The buckets that all gateways share, in Redis. */
@Injectable()
export class PointsCache {
  constructor(private readonly redis: RedisClient) {
    redis.client.defineCommand('fill', { lua: FILL });
  }

  /** Fills the groups one after the other, all in one call. */
  async fill(now: number, groups: readonly FillingGroup[]): Promise<FillingReply[]> {
    const keys = groups.flatMap(({ fillings }) => fillings.map(({ key }) => key));
    const args = groups.flatMap(({ asks, fillings }) => [
      fillings.length,
      asks ? 1 : 0,
      ...fillings.flatMap(({ ms, limitMs }) => [ms, limitMs]),
    ]);
    const reply = await (this.redis.client as unknown as Scripts).fill(keys.length, ...keys, now, ...args);
    let at = 0;
    return groups.map(({ fillings }) => {
      const fits = reply[at++] === '1';
      return { fits, emptyAt: fillings.map(() => Number(reply[at++])) };
    });
  }
}

/**
 * The key of a bucket in Redis: hashed, so that it holds no addresses and nobody's id outlives an erased account. What is in braces
 * decides where a key lies in a cluster: a script reaches the keys of one place only.
 */
export const sharedKey = (key: string): string => `limit:{points}:${hash('sha256', key, 'base64url')}`;
