import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser } from '@fowergram/erasure';

/** Deletes what hashtags a user follows, of which there are few; those of the user's posts go with these. */
@ErasureStep()
export class HashtagsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query('delete from hashtag_follow where user_id = $1 returning 1 as gone', [userId])).length > 0;
  }
}
