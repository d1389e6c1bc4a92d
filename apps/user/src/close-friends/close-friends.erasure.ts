import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';
import { deletePairs } from '../relations/pairs.sql.js';

const BATCH_SIZE = 500;

/** Deletes the close friends of a user, and the user from the lists of others. */
@ErasureStep()
export class CloseFriendsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const values = [userId, sizeOf(BATCH_SIZE)];
    return (await tx.query(DELETE_OWN, values)).length > 0 || (await tx.query(DELETE_OF_OTHERS, values)).length > 0;
  }
}

const DELETE_OWN = deletePairs('close_friend', 'user_id', 'friend_id');
const DELETE_OF_OTHERS = deletePairs('close_friend', 'friend_id', 'user_id');
