import { Redis } from 'ioredis';
import type { Network } from '../src/network.js';

/** Takes from all services what they have in Redis. */
export async function flushRedis({ stack }: Network): Promise<void> {
  const redis = new Redis(stack.redis.url);
  await redis.flushall();
  redis.disconnect();
}
