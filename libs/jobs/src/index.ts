export { JobMetrics } from './job-metrics.service.js';
export { JobsModule } from './jobs.module.js';
export { QueueMetrics } from './queue-metrics.service.js';
export { JobsRedis } from './jobs-redis.client.js';
export { queueState } from './queue-state.js';
