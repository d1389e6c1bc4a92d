export { RedisClient, type RedisConnection } from './redis.client.js';
export { RedisModule } from './redis.module.js';
