import { Injectable } from '@nestjs/common';
import type { UserCounts } from '@fowergram/contracts-user';
import { Database, type Sql, type Tx } from '@fowergram/database';
import { CountsRepository } from './counts.repository.js';

/** Follower and following counts, exact at every moment: what is stored plus what is not folded into it yet. */
@Injectable()
export class CountsService {
  constructor(
    private readonly db: Database,
    private readonly counts: CountsRepository,
  ) {}

  byIds(ids: string[], sql: Sql = this.db): Promise<UserCounts[]> {
    return this.counts.byIds(sql, ids);
  }

  /** Counts an edge that was made (+1) or removed (-1), in the transaction that did so. */
  record(tx: Tx, edge: { followerId: string; followeeId: string }, change: 1 | -1): Promise<void> {
    return this.counts.insertDeltas(tx, edge, change);
  }
}
