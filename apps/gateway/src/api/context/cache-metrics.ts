import { Counter, type Registry } from 'prom-client';
import { measuredGauge } from '@fowergram/service-kit';
import type { CacheUsage } from './ttl-cache.js';

/** Shows how the caches of this process are used. They count by themselves, since a metric costs more than a look into one. */
export function measureCaches(metrics: Registry, caches: Record<string, { usage: CacheUsage }>): void {
  const each = () => Object.entries(caches).map(([cache, { usage }]) => ({ cache, ...usage }));
  new Counter({
    name: 'cache_reads_total',
    help: 'Reads of caches of the process, by whether they found something.',
    labelNames: ['cache', 'result'],
    registers: [metrics],
    collect() {
      this.reset();
      for (const { cache, hits, misses } of each()) {
        this.inc({ cache, result: 'hit' }, hits);
        this.inc({ cache, result: 'miss' }, misses);
      }
    },
  });
  measuredGauge(metrics, 'cache_entries', 'Entries of caches of the process.', ['cache'], (set) => {
    for (const { cache, entries } of each()) set({ cache }, entries);
  });
  measuredGauge(metrics, 'cache_bytes', 'Size of caches of the process that are bounded by it.', ['cache'], (set) => {
    for (const { cache, bytes } of each()) if (bytes !== undefined) set({ cache }, bytes);
  });
}
