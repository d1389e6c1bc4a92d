import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser } from '@fowergram/erasure';

/** Deletes the second factor of a user, whose recovery codes go with it. */
@ErasureStep()
export class SecondFactorErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query('delete from second_factor where user_id = $1 returning 1 as gone', [userId])).length > 0;
  }
}
