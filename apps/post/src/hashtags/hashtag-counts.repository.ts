import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';

/** So many accounts are read at once. */
const ACCOUNTS = 100;

@Injectable()
export class HashtagCountsRepository {
  constructor(private readonly db: Database) {}

  /** Accounts whose posts are counted as they were before their last change. */
  async behind(): Promise<string[]> {
    return (await this.db.query<{ id: string }>(BEHIND)).map(({ id }) => id);
  }

  /** New posts of the author and changes of the account wait until the transaction ends. */
  async lock(tx: Tx, authorId: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`hashtag-counts:${authorId}`]);
    await tx.query('select 1 as locked from hidden_account where user_id = $1 for update', [authorId]);
  }

  /** Counts so many uses of hashtags by the author, or leaves them out, as everybody may see them or not; answers how many have changed. */
  async follow(tx: Tx, authorId: string, limit: number): Promise<number> {
    return (await tx.query(FOLLOW, [authorId, limit])).length;
  }

  /** Says that the uses of the author are counted as the account is, where they are. */
  async finish(tx: Tx, authorId: string): Promise<void> {
    await tx.query(FINISH, [authorId]);
  }
}

const BEHIND = `select user_id as id from hidden_account where counts_behind order by user_id limit ${ACCOUNTS}`;

/** An SQL condition: this use is not counted as the account of its author wants it, whose id is $1. */
const IS_BEHIND = `
  author_id = $1::uuid and counted = coalesce((select hidden or is_private from hidden_account where user_id = $1::uuid limit 1), false)`;

// What somebody else changes now comes in a later batch: nobody waits here with rows in hand. By the places of the rows, since a use has no
// key of one column.
const FOLLOW = `
  update post_hashtag set counted = not counted
  where ctid = any(array(select ctid from post_hashtag where ${IS_BEHIND} limit $2 for update skip locked))
  returning 1 as changed`;

const FINISH = `
  update hidden_account set counts_behind = false
  where user_id = $1::uuid and counts_behind and not exists (select from post_hashtag where ${IS_BEHIND})`;
