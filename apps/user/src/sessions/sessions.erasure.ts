import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser } from '@fowergram/erasure';

/** Deletes when a user changed their password. The record of revoked sessions names nobody, and its rows go within hours. */
@ErasureStep()
export class SessionsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query('delete from password_change where user_id = $1 returning 1 as gone', [userId])).length > 0;
  }
}
