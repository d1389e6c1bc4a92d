import type { RedisConnection } from '@fowergram/redis';

/** The connection to the Redis that counts active users. */
export const ACTIVITY_CONNECTION: RedisConnection = {
  name: 'activity',
  whileAway: 'active users are counted later',
  options: { commandTimeout: 1_000 },
};
