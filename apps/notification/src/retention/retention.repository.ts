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

  /** What was deleted or hidden so long ago has no events left that could arrive, and nothing about it is left. */
  async purgeTombstones(): Promise<void> {
    await this.db.query(`delete from deleted_post where deleted_at < now() - ${RETENTION}`);
    await this.db.query(`delete from hidden_post where changed_at < now() - ${RETENTION}`);
    await this.db.query(`delete from deleted_comment where deleted_at < now() - ${RETENTION}`);
  }
}

const OLDEST = `
  select distinct recipient_id as id
  from (select recipient_id from notification where created_at < now() - ${RETENTION} order by created_at limit $1) oldest`;

// A subscription that resumes before purged_through may miss something and gets GAP, even where the row was hidden anyway.
const PURGE = `
  with gone as (
    delete from notification
    where id = any(array(select id from notification where recipient_id = $1 and created_at < now() - ${RETENTION} limit $2)) returning sequence
  )
  update recipient set purged_through = greatest(purged_through, (select max(sequence) from gone)) where id = $1`;
