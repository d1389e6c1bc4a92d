import type { Queue } from 'bullmq';
import type { Gauge, Registry } from 'prom-client';
import { Every, gauge } from '@fowergram/service-kit';
import type { JobsRedis } from './jobs-redis.client.js';

const MEASURE_INTERVAL_MS = 10_000;
const STATES = ['waiting', 'active', 'delayed', 'prioritized'] as const;

/** Shows how many jobs a queue holds, and how long the first of those that wait has waited. */
export class QueueMetrics {
  private readonly jobs: Gauge<'queue' | 'state'>;
  private readonly oldest: Gauge<'queue'>;

  constructor(
    private readonly queue: Queue,
    private readonly redis: JobsRedis,
    metrics: Registry,
  ) {
    this.jobs = gauge(metrics, 'queue_jobs', 'Jobs that a queue holds, by state.', ['queue', 'state']);
    this.oldest = gauge(metrics, 'queue_oldest_waiting_seconds', 'Age of the job that waits longest.', ['queue']);
    for (const state of STATES) this.jobs.set({ queue: queue.name, state }, 0);
    this.oldest.set({ queue: queue.name }, 0);
  }

  /** While Redis is away the last figures stand: redis_up says that it is. */
  @Every(MEASURE_INTERVAL_MS, 'measure queues')
  async measure(): Promise<void> {
    if (this.redis.client.status !== 'ready') return;
    const { name } = this.queue;
    const counts = await this.redis.run(() => this.queue.getJobCounts(...STATES));
    for (const state of STATES) this.jobs.set({ queue: name, state }, counts[state] ?? 0);
    const [first] = await this.redis.run(() => this.queue.getJobs(['waiting'], 0, 0, true));
    this.oldest.set({ queue: name }, first ? Math.max(0, Date.now() - first.timestamp - first.delay) / 1_000 : 0);
  }
}
