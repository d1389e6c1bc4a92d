import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';

const BATCH_SIZE = 2_000;

/** Deletes what a user has passed on, and who has passed on what was theirs: those posts are going as well, and are hidden until then. */
@ErasureStep()
export class RepostsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE, [userId, sizeOf(BATCH_SIZE)])).length > 0;
  }
}

/** No state of a post is newer. */
const LAST_VERSION = '9223372036854775807';

const ERASE = `
  with gone as (
    delete from repost where post_id = any(array(
      (select post_id from repost where author_id = $1 limit $2) union all (select post_id from repost where reposter_id = $1 limit $2)
    )) returning post_id
  ), hidden as (
    insert into hidden_post (post_id, version, hidden, changed_at)
    select post_id, ${LAST_VERSION}, true, now() from gone order by post_id
    on conflict (post_id) do update set version = excluded.version, hidden = true, changed_at = excluded.changed_at
  )
  select post_id from gone`;
