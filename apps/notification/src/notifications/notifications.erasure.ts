import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';

const BATCH_SIZE = 2_000;

/** Deletes what a user was notified of, and takes them out of what others were notified of. */
@ErasureStep()
export class NotificationsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    if ((await tx.query(ERASE_RECEIVED, [userId, sizeOf(BATCH_SIZE)])).length > 0) return true;
    return (await tx.query(ERASE_CAUSED, [userId, sizeOf(BATCH_SIZE)])).length > 0;
  }

  /** The marks of a recipient go last: what is still there is numbered by them. */
  async close(tx: Tx, userId: string): Promise<void> {
    await tx.query('delete from recipient where id = $1', [userId]);
  }
}

const ERASE_RECEIVED = `
  delete from notification where id = any(array(select id from notification where recipient_id = $1 limit $2)) returning 1 as gone`;

// What has a place in the sequence of its recipient leaves a hidden row there that names nobody: a mark that was set at it, or will be,
// stays valid.
const ERASE_CAUSED = `
  with caused as (
    select id, sequence from notification where actor_id = $1 order by id limit $2 for update
  ), gone as (
    delete from notification where id = any(array(select id from caused where sequence is null))
  ), hidden as (
    update notification set active = false, actor_id = id, subject_id = id, post_id = null
    where id = any(array(select id from caused where sequence is not null))
  )
  select id from caused`;
