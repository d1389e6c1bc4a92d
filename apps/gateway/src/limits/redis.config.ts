import type { RedisConnection } from '@fowergram/redis';

/** The connection to the Redis that counts points. Nobody waits long for it: the count of this process takes its place. */
export const LIMITS_CONNECTION: RedisConnection = {
  name: 'limits',
  whileAway: 'request limits are counted by each process alone',
  options: { commandTimeout: 250 },
};
