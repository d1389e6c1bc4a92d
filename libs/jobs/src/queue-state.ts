import type { Queue } from 'bullmq';
import type { QueueState } from '@fowergram/contracts-core';

/** How many jobs of a queue wait, run, are tried again later and have failed, and how old the one is that has waited longest. */
export async function queueState(queue: Queue): Promise<QueueState> {
  const { waiting, active, delayed, failed } = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
  const [oldest] = await queue.getJobs(['waiting'], 0, 0, true);
  return {
    name: queue.name,
    waiting: waiting ?? 0,
    active: active ?? 0,
    delayed: delayed ?? 0,
    failed: failed ?? 0,
    oldestSeconds: oldest ? Math.max(0, (Date.now() - oldest.timestamp) / 1_000) : 0,
  };
}
