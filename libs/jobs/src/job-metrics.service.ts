import type { Histogram, Registry } from 'prom-client';
import { histogram } from '@fowergram/service-kit';

/** Measures the jobs of a service. */
export class JobMetrics {
  private readonly duration: Histogram<'queue' | 'outcome'>;

  constructor(metrics: Registry, queue: string) {
    this.duration = histogram(metrics, 'job_duration_seconds', 'Background jobs, by queue and outcome.', [
      'queue',
      'outcome',
    ]);
    for (const outcome of ['done', 'retried']) this.duration.zero({ queue, outcome });
  }

  /** Does the work of a job and records how long it took and whether it has to be retried. */
  async measure<T>(queue: string, work: () => Promise<T>): Promise<T> {
    const end = this.duration.startTimer({ queue });
    try {
      const result = await work();
      end({ outcome: 'done' });
      return result;
    } catch (error) {
      end({ outcome: 'retried' });
      throw error;
    }
  }
}
