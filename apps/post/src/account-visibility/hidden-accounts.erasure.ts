import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser } from '@fowergram/erasure';

/** The account stays hidden until nothing of it is left to show. */
@ErasureStep()
export class HiddenAccountsErasure implements ErasesUser {
  async close(tx: Tx, userId: string): Promise<void> {
    await tx.query('delete from hidden_account where user_id = $1', [userId]);
  }
}
