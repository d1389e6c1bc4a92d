import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser } from '@fowergram/erasure';

/** Last, since follows stand on the profile: it goes with its counters when no edge is left. */
@ErasureStep({ order: 1 })
export class ProfilesErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string): Promise<boolean> {
    // Waits for a follow that is under way, and makes a later one find nobody.
    await tx.query('select from profile where id = $1 for update', [userId]);
    if (await this.isPending(tx, userId)) return false;
    // The deltas first, as the aggregation does: the other order could block it and be blocked by it.
    await tx.query('delete from follow_count_delta where user_id = $1', [userId]);
    await tx.query('delete from follow_count where user_id = $1', [userId]);
    return (await tx.query('delete from profile where id = $1 returning 1 as gone', [userId])).length > 0;
  }

  /** A follow that was under way has left an edge. */
  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query(HAS_EDGES, [userId])).length > 0;
  }
}

const HAS_EDGES =
  '(select from follow where follower_id = $1 limit 1) union all (select from follow where followee_id = $1 limit 1)';
