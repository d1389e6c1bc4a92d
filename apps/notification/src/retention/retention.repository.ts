import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';

const RETENTION = `interval '90 days'`;
const BATCH_SIZE = 1_000;

@Injectable()
export class RetentionRepository {
  constructor(private readonly db: Database) {}

  /** Whose notifications are among the oldest of those that are too old. */
  async recipientsOfOldest(): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(OLDEST, [BATCH_SIZE]);
    return rows.map((row) => row.id);
  }

  /** Removes a batch of what is too old, and remembers up to which number something is gone. */
  async purgeSomeOf(tx: Tx, recipientId: string): Promise<void> {
    await tx.query(PURGE, [recipientId, BATCH_SIZE]);
  }

  /**
   * Purges a batch of each kind of tombstone that is too old; false when nothing is left. What was deleted or hidden so long ago has no
   * events left that could arrive, and nothing about it is left.
   */
  async purgeTombstones(): Promise<boolean> {
    let isLeft = false;
    for (const purge of [PURGE_POSTS, PURGE_HIDDEN_POSTS, PURGE_COMMENTS])
      isLeft = (await this.db.query(purge, [BATCH_SIZE])).length === BATCH_SIZE || isLeft;
    return isLeft;
  }
}

const OLDEST = `
  select distinct recipient_id as id
  from (select recipient_id from notification where created_at < now() - ${RETENTION} order by created_at limit $1) oldest`;

const purgeOld = (table: string, key: string, time: string): string => `
  delete from ${table} where ${key} = any(array(
    select ${key} from ${table} where ${time} < now() - ${RETENTION} limit $1
  )) and ${time} < now() - ${RETENTION}
  returning 1 as gone`;

const PURGE_POSTS = purgeOld('deleted_post', 'post_id', 'deleted_at');
const PURGE_HIDDEN_POSTS = purgeOld('hidden_post', 'post_id', 'changed_at');
const PURGE_COMMENTS = purgeOld('deleted_comment', 'comment_id', 'deleted_at');

// A subscription that resumes before purged_through may miss something and gets GAP, even where the row was hidden anyway.
const PURGE = `
  with gone as (
    delete from notification
    where id = any(array(select id from notification where recipient_id = $1 and created_at < now() - ${RETENTION} limit $2)) returning sequence
  )
  update recipient set purged_through = greatest(purged_through, (select max(sequence) from gone)) where id = $1`;
