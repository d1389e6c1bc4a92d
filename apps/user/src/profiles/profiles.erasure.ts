import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser } from '@fowergram/erasure';

/** Last, since what binds two users stands on the profile: it goes with its counters when no edge is left. */
@ErasureStep({ order: 1 })
export class ProfilesErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string): Promise<boolean> {
    // Waits for what is under way, such as a follow, and makes a later one find nobody.
    await tx.query('select from profile where id = $1 for update', [userId]);
    if (await this.isPending(tx, userId)) return false;
    // The deltas first, as the aggregation does: the other order could block it and be blocked by it.
    await tx.query('delete from follow_count_delta where user_id = $1', [userId]);
    await tx.query('delete from follow_count where user_id = $1', [userId]);
    return (await tx.query('delete from profile where id = $1 returning 1 as gone', [userId])).length > 0;
  }

  /** What was under way between the user and another one has left a row. */
  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query(HAS_EDGES, [userId])).length > 0;
  }
}

const has = (table: string, column: string): string => `(select from ${table} where ${column} = $1 limit 1)`;
const HAS_EDGES = `
  ${has('follow', 'follower_id')} union all ${has('follow', 'followee_id')}
  union all ${has('follow_request', 'follower_id')} union all ${has('follow_request', 'followee_id')}
  union all ${has('block', 'blocker_id')} union all ${has('block', 'blocked_id')}
  union all ${has('mute', 'muter_id')} union all ${has('mute', 'muted_id')}
  union all ${has('muted_word', 'user_id')}
  union all ${has('bio_mention', 'user_id')} union all ${has('bio_mention', 'mentioned_id')}
  union all ${has('dismissed_suggestion', 'user_id')} union all ${has('dismissed_suggestion', 'dismissed_id')}
  union all ${has('close_friend', 'user_id')} union all ${has('close_friend', 'friend_id')}`;
