import type { RedisConnection } from '@fowergram/redis';

/** How long anybody waits for an answer of Redis. */
export const REDIS_TIMEOUT_MS = 500;

/** The connection to the Redis that counts attempts. */
export const AUTH_CONNECTION: RedisConnection = {
  name: 'auth',
  whileAway: 'nobody can sign in',
  options: { commandTimeout: REDIS_TIMEOUT_MS },
};
