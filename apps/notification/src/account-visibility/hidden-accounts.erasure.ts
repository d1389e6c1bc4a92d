import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser } from '@fowergram/erasure';

/** Deletes the mark of a hidden account last: until then nothing of the user may be shown. */
@ErasureStep()
export class HiddenAccountsErasure implements ErasesUser {
  async close(tx: Tx, userId: string): Promise<void> {
    await tx.query('delete from hidden_account where user_id = $1', [userId]);
  }
}
