import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';

const BATCH_SIZE = 500;
const OF_POSTS_BATCH_SIZE = 5_000;

/** Deletes whom a user mentions, and where a user is mentioned; notifications of it go with the user, too. */
@ErasureStep({ hangsOn: 'post' })
export class MentionsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const values = [userId, sizeOf(BATCH_SIZE)];
    return (await tx.query(ERASE_WRITTEN, values)).length > 0 || (await tx.query(ERASE_OF_USER, values)).length > 0;
  }

  /** Deletes whom the texts of deleted posts and of their comments mention. */
  async eraseOf(tx: Tx, postIds: string[], sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE_OF_POSTS, [postIds, sizeOf(OF_POSTS_BATCH_SIZE)])).length > 0;
  }

  /** A batch leaves out rows that somebody else holds. */
  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query(IS_PENDING, [userId])).length > 0;
  }
}

// By the places of the rows, since a mention has no key of one column; rows that somebody else is removing are left out, not waited for.
const erase = (column: string): string => `
  delete from mention where ctid = any(array(
    select ctid from mention where ${column} = $1 limit $2 for update skip locked
  )) returning 1 as gone`;

const ERASE_WRITTEN = erase('author_id');
const ERASE_OF_USER = erase('user_id');

const ERASE_OF_POSTS = `
  delete from mention where ctid = any(array(select ctid from mention where post_id = any($1::uuid[]) limit $2)) returning 1 as gone`;

const IS_PENDING = `
  (select 1 as held from mention where author_id = $1 limit 1) union all (select 1 from mention where user_id = $1 limit 1)`;
