import { userEvent } from '@fowergram/contracts-user';
import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';
import { eventRow, Outbox } from '@fowergram/outbox';

const BATCH_SIZE = 500;

interface ErasedEdge {
  followerId: string;
  followeeId: string;
  version: number;
  at: Date;
}

/** Deletes the edges from and to a user, counts them off the other user, and publishes each. */
@ErasureStep()
export class FollowsErasure implements ErasesUser {
  constructor(private readonly outbox: Outbox) {}

  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    let edges = await tx.query<ErasedEdge>(ERASE_FOLLOWING, [userId, sizeOf(BATCH_SIZE)]);
    if (edges.length === 0) edges = await tx.query<ErasedEdge>(ERASE_FOLLOWERS, [userId, sizeOf(BATCH_SIZE)]);
    await this.outbox.addAll(
      tx,
      edges.map(({ at, ...edge }) => eventRow(userEvent.unfollowed, { ...edge, at: at.toISOString() })),
    );
    return edges.length > 0;
  }
}

// The list of ids is an array, so that both steps are look-ups by index however many edges there are.
const ERASE_FOLLOWING = `
  with gone as (
    delete from follow where follower_id = $1
      and followee_id = any(array(select followee_id from follow where follower_id = $1 order by followee_id limit $2))
    returning follower_id, followee_id, nextval('edge_version') as version, clock_timestamp()::timestamptz(3) as at
  ), counted as (
    insert into follow_count_delta (user_id, followers, following) select followee_id, -1, 0 from gone
  )
  select follower_id as "followerId", followee_id as "followeeId", version, at from gone`;

const ERASE_FOLLOWERS = `
  with gone as (
    delete from follow where followee_id = $1
      and follower_id = any(array(select follower_id from follow where followee_id = $1 order by follower_id limit $2))
    returning follower_id, followee_id, nextval('edge_version') as version, clock_timestamp()::timestamptz(3) as at
  ), counted as (
    insert into follow_count_delta (user_id, followers, following) select follower_id, 0, -1 from gone
  )
  select follower_id as "followerId", followee_id as "followeeId", version, at from gone`;
