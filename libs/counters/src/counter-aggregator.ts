import { type Database, one } from '@fowergram/database';
import { Every } from '@fowergram/service-kit';

const AGGREGATE_INTERVAL_MS = 250;

export interface CounterAggregatorOptions {
  db: Database;
  /** Names the lock: one replica aggregates at a time. */
  name: string;
  /** Takes a bounded number of delta rows away and adds them to the stored counters, in one statement; returns one row `{ aggregated }`. */
  statement: string;
}

/**
 * Adds delta rows to stored counters in the background. An edge and its delta are written together and a reader adds the
 * deltas that are not aggregated yet, so a count is exact at every moment and a hot row is updated by nobody but this one owner.
 */
export class CounterAggregator {
  constructor(private readonly options: CounterAggregatorOptions) {}

  /** Aggregates until nothing is left, or until another replica holds the lock. */
  @Every(AGGREGATE_INTERVAL_MS, 'aggregate counters')
  async aggregateAll(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await this.aggregateBatch()) > 0);
  }

  private aggregateBatch(): Promise<number> {
    return this.options.db.transaction(async (tx) => {
      const lock = await tx.query<{ mine: boolean }>('select pg_try_advisory_xact_lock(hashtext($1)) as mine', [
        `aggregate:${this.options.name}`,
      ]);
      if (!one(lock).mine) return 0;
      return one(await tx.query<{ aggregated: number }>(this.options.statement)).aggregated;
    });
  }
}
