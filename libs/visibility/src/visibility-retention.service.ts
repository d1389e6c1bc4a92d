import { Injectable } from '@nestjs/common';
import { Database } from '@fowergram/database';
import { Every } from '@fowergram/service-kit';

const PURGE_INTERVAL_MS = 60 * 60 * 1_000;
const BATCH_SIZE = 2_000;

/** Purges the relations that have said nothing for 60 days: no row says the same. */
@Injectable()
export class VisibilityRetention {
  constructor(private readonly db: Database) {}

  /** Leaves nothing that is old, in short statements; several replicas may do so at once. */
  @Every(PURGE_INTERVAL_MS, 'purge relations that say nothing')
  async purge(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await this.db.query(PURGE)).length === BATCH_SIZE);
  }
}

const SAYS_NOTHING = 'not (follows or close_friend or blocked or reported)';

// A row that is gone is no register any more: an older event would be believed. The broker has events for 7 days, and what failed for
// 30 more. By the places of the rows, since a relation has no key of one column.
const PURGE = `
  delete from relation where ctid = any(array(
    select ctid from relation
    where ${SAYS_NOTHING} and greatest(changed_at, posts_muted_until, notifications_muted_until) < now() - interval '60 days'
    limit ${BATCH_SIZE} for update skip locked
  )) and ${SAYS_NOTHING}
  returning 1 as gone`;
