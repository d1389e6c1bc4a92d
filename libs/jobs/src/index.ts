export { JobMetrics } from './job-metrics.js';
export { JobsModule } from './jobs.module.js';
export { JobsRedis } from './jobs-redis.client.js';
