import type { Database } from '@fowergram/database';
import { type Logger, type Periodic, periodically } from '@fowergram/service-kit';

const FOLD_EVERY_MS = 250;

export interface CounterFolderOptions {
  db: Database;
  log: Logger;
  /** Names the lock: one replica folds at a time. */
  name: string;
  /** Takes a bounded number of delta rows away and adds them to the stored counters, in one statement; returns one row `{ folded }`. */
  statement: string;
}

/**
 * Folds delta rows into stored counters in the background. An edge and its delta are written together and a reader adds the
 * deltas that are not folded yet, so a count is exact at every moment and a hot row is updated by nobody but this one owner.
 */
export class CounterFolder {
  private folding: Periodic | undefined;

  constructor(private readonly options: CounterFolderOptions) {}

  start(): void {
    const { name, log } = this.options;
    this.folding = periodically({ name: `fold ${name}`, everyMs: FOLD_EVERY_MS, log, work: () => this.foldAll() });
  }

  async stop(): Promise<void> {
    await this.folding?.stop();
  }

  /** Folds until nothing is left, or until another replica holds the lock. */
  async foldAll(): Promise<void> {
    while ((await this.foldOnce()) > 0);
  }

  private foldOnce(): Promise<number> {
    return this.options.db.transaction(async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }>('select pg_try_advisory_xact_lock(hashtext($1)) as mine', [
        `fold:${this.options.name}`,
      ]);
      if (!lock?.mine) return 0;
      const [row] = await tx.query<{ folded: number }>(this.options.statement);
      return row?.folded ?? 0;
    });
  }
}
