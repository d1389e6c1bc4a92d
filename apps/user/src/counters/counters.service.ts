import { Injectable } from '@nestjs/common';
import type { UserCounts } from '@fowergram/contracts-user';
import { Database, type Sql, type Tx } from '@fowergram/database';
import { CountersRepository } from './counters.repository.js';

/** Follower and following counts, exact at every moment: what is stored plus the deltas that are not aggregated yet. */
@Injectable()
export class CountersService {
  constructor(
    private readonly db: Database,
    private readonly counters: CountersRepository,
  ) {}

  byIds(ids: string[], sql: Sql = this.db): Promise<UserCounts[]> {
    return this.counters.byIds(sql, ids);
  }

  /** Counts an edge that was made (+1) or removed (-1), in the transaction that did so. */
  record(tx: Tx, edge: { followerId: string; followeeId: string }, change: 1 | -1): Promise<void> {
    return this.counters.insertDeltas(tx, edge, change);
  }
}
