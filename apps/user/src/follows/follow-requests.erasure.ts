import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';
import { deletePairs } from '../relations/pairs.sql.js';

const BATCH_SIZE = 500;

/** Deletes the requests from and to a user; notifications of them go with the user, too. */
@ErasureStep()
export class FollowRequestsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const values = [userId, sizeOf(BATCH_SIZE)];
    return (await tx.query(DELETE_SENT, values)).length > 0 || (await tx.query(DELETE_RECEIVED, values)).length > 0;
  }
}

const DELETE_SENT = deletePairs('follow_request', 'follower_id', 'followee_id');
const DELETE_RECEIVED = deletePairs('follow_request', 'followee_id', 'follower_id');
