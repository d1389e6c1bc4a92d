import { type Database, one } from '@fowergram/database';
import { type Logger, type Periodic, periodically } from '@fowergram/service-kit';

const AGGREGATE_EVERY_MS = 250;

export interface CounterAggregatorOptions {
  db: Database;
  log: Logger;
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
  private aggregating: Periodic | undefined;

  constructor(private readonly options: CounterAggregatorOptions) {}

  start(): void {
    const { name, log } = this.options;
    this.aggregating = periodically({
      name: `aggregate ${name}`,
      everyMs: AGGREGATE_EVERY_MS,
      log,
      work: () => this.aggregateAll(),
    });
  }

  async stop(): Promise<void> {
    await this.aggregating?.stop();
  }

  /** Folds until nothing is left, or until another replica holds the lock. */
  async aggregateAll(): Promise<void> {
    while ((await this.aggregateBatch()) > 0);
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
