import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';

const BATCH_SIZE = 500;
const OF_POSTS_BATCH_SIZE = 5_000;

/** Deletes what a user has saved, which is counted off the posts, and the collections of it. */
@ErasureStep({ hangsOn: 'post' })
export class SavesErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const values = [userId, sizeOf(BATCH_SIZE)];
    for (const statement of [ERASE_PLACES, ERASE_SAVES, ERASE_COLLECTIONS])
      if ((await tx.query(statement, values)).length > 0) return true;
    return false;
  }

  /** Deletes what was saved of deleted posts. */
  async eraseOf(tx: Tx, postIds: string[], sizeOf: SizeOf): Promise<boolean> {
    const values = [postIds, sizeOf(OF_POSTS_BATCH_SIZE)];
    const places = await tx.query(ERASE_PLACES_OF_POSTS, values);
    return (await tx.query(ERASE_SAVES_OF_POSTS, values)).length + places.length > 0;
  }

  /** A batch leaves out rows that somebody else holds. */
  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query(PENDING, [userId])).length > 0;
  }
}

// Rows that somebody else is removing are left out, not waited for: two erasures that share rows never wait for each other. They are
// found by their places, since they have no key of one column.
const ERASE_PLACES = `
  delete from collection_post where ctid = any(array(
    select ctid from collection_post where owner_id = $1 limit $2 for update skip locked
  )) returning 1 as gone`;

const ERASE_SAVES = `
  with gone as (
    delete from saved_post where ctid = any(array(select ctid from saved_post where user_id = $1 limit $2 for update skip locked))
    returning post_id
  ), counted as (
    insert into post_counter_delta (post_id, saves) select post_id, -1 from gone
  )
  select 1 as gone from gone`;

const ERASE_COLLECTIONS = `
  delete from collection where id = any(array(select id from collection where owner_id = $1 limit $2)) returning 1 as gone`;

const ERASE_PLACES_OF_POSTS = `
  delete from collection_post where ctid = any(array(
    select ctid from collection_post where post_id = any($1::uuid[]) order by post_id, collection_id limit $2 for update
  )) returning 1 as gone`;

const ERASE_SAVES_OF_POSTS = `
  delete from saved_post where ctid = any(array(select ctid from saved_post where post_id = any($1::uuid[]) limit $2)) returning 1 as gone`;

const PENDING = `
  (select 1 as held from saved_post where user_id = $1 limit 1)
  union all (select 1 from collection_post where owner_id = $1 limit 1)`;
