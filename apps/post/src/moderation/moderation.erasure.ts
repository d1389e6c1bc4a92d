import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';

const BATCH_SIZE = 500;
const OF_POSTS_BATCH_SIZE = 5_000;

/** Deletes what a user has reported here; it stays marked, since others may have reported it, too. */
@ErasureStep({ hangsOn: 'post' })
export class ModerationErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE, [userId, sizeOf(BATCH_SIZE)])).length > 0;
  }

  /** Deletes what was reported of deleted posts. */
  async eraseOf(tx: Tx, postIds: string[], sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE_OF_POSTS, [postIds, sizeOf(OF_POSTS_BATCH_SIZE)])).length > 0;
  }

  /** A batch leaves out rows that somebody else holds. */
  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query('select from reported_content where reporter_id = $1 limit 1', [userId])).length > 0;
  }
}

// Rows that somebody else is removing are left out, not waited for: two erasures that share rows never wait for each other.
const ERASE = `
  delete from reported_content where reporter_id = $1 and content_id = any(array(
    select content_id from reported_content where reporter_id = $1 limit $2 for update skip locked
  )) returning 1 as gone`;

// By the places of the rows, since they have no key of one column.
const ERASE_OF_POSTS = `
  delete from reported_content where ctid = any(array(
    select ctid from reported_content where post_id = any($1::uuid[]) limit $2
  )) returning 1 as gone`;
