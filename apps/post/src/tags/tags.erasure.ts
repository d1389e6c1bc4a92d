import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';

const BATCH_SIZE = 500;
const OF_POSTS_BATCH_SIZE = 5_000;

/** Deletes where a user is tagged, and with a post whom it shows; notifications of it go with the user, too. */
@ErasureStep({ hangsOn: 'post' })
export class TagsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE, [userId, sizeOf(BATCH_SIZE)])).length > 0;
  }

  /** Deletes whom deleted posts show. */
  async eraseOf(tx: Tx, postIds: string[], sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE_OF_POSTS, [postIds, sizeOf(OF_POSTS_BATCH_SIZE)])).length > 0;
  }

  /** A batch leaves out rows that somebody else holds. */
  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query('select 1 as held from tagged_user where user_id = $1 limit 1', [userId])).length > 0;
  }
}

// By the places of the rows, since a tag has no key of one column; rows that somebody else is removing are left out, not waited for.
const ERASE = `
  delete from tagged_user where ctid = any(array(
    select ctid from tagged_user where user_id = $1 limit $2 for update skip locked
  )) returning 1 as gone`;

const ERASE_OF_POSTS = `
  delete from tagged_user where ctid = any(array(select ctid from tagged_user where post_id = any($1::uuid[]) limit $2)) returning 1 as gone`;
