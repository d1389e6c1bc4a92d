import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser } from '@fowergram/erasure';

/** Deletes what a user wants of the content of posts: one row. */
@ErasureStep()
export class PreferencesErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string): Promise<boolean> {
    return (
      (await tx.query('delete from content_preferences where user_id = $1 returning 1 as gone', [userId])).length > 0
    );
  }
}
