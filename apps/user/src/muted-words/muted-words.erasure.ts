import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser } from '@fowergram/erasure';

/** Deletes the words that a user has muted; there are few. */
@ErasureStep()
export class MutedWordsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query('delete from muted_word where user_id = $1 returning 1 as gone', [userId])).length > 0;
  }
}
