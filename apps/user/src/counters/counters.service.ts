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

  /** Counts edges that were made (+1) or removed (-1), in the transaction that did so. */
  async record(tx: Tx, edges: { followerId: string; followeeId: string }[], change: 1 | -1): Promise<void> {
    if (edges.length > 0) await this.counters.insertDeltas(tx, edges, change);
  }
}
