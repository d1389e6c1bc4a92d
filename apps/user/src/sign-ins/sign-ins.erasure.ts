import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';

const BATCH_SIZE = 2_000;

/** Deletes the sign-in history of a user. */
@ErasureStep()
export class SignInsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE, [userId, sizeOf(BATCH_SIZE)])).length > 0;
  }
}

const ERASE =
  'delete from sign_in where id = any(array(select id from sign_in where user_id = $1 limit $2)) returning 1 as gone';
