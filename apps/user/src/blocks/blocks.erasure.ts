import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';
import { deletePairs } from '../relations/pairs.sql.js';

const BATCH_SIZE = 500;

/** Deletes whom a user blocks, and who blocks the user. */
@ErasureStep()
export class BlocksErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const values = [userId, sizeOf(BATCH_SIZE)];
    return (await tx.query(DELETE_OWN, values)).length > 0 || (await tx.query(DELETE_OF_OTHERS, values)).length > 0;
  }
}

const DELETE_OWN = deletePairs('block', 'blocker_id', 'blocked_id');
const DELETE_OF_OTHERS = deletePairs('block', 'blocked_id', 'blocker_id');
