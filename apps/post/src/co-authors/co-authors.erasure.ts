import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';

const BATCH_SIZE = 200;
const OF_POSTS_BATCH_SIZE = 5_000;

/** The posts stay without the user; with a post goes whom its author has invited. Notifications of it go with the user, too. */
@ErasureStep({ hangsOn: 'post' })
export class CoAuthorsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE, [userId, sizeOf(BATCH_SIZE)])).length > 0;
  }

  async eraseOf(tx: Tx, postIds: string[], sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE_OF_POSTS, [postIds, sizeOf(OF_POSTS_BATCH_SIZE)])).length > 0;
  }

  /** A batch leaves out rows that somebody else holds. */
  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query('select 1 as held from co_author where user_id = $1 limit 1', [userId])).length > 0;
  }
}

// By the places of the rows, since they have no key of one column; those that somebody else is changing are left out, not waited for.
const ERASE = `
  with gone as (
    delete from co_author where ctid = any(array(
      select ctid from co_author where user_id = $1 limit $2 for update skip locked
    )) returning post_id, state
  ), taken as (
    update post set co_author_ids = array_remove(co_author_ids, $1::uuid)
    where id = any(array(select post_id from gone where state = 'ACCEPTED'))
  )
  select 1 as gone from gone`;

const ERASE_OF_POSTS = `
  delete from co_author where ctid = any(array(select ctid from co_author where post_id = any($1::uuid[]) limit $2)) returning 1 as gone`;
