import { Injectable } from '@nestjs/common';
import { Database, one, type Tx } from '@fowergram/database';
import { atErasedUser } from '../relationships/relationships.rules.js';

export interface FollowEdge {
  followerId: string;
  followeeId: string;
}

/** A change of an edge: later changes of the same edge have higher versions and no earlier time. */
export interface EdgeChange extends FollowEdge {
  version: number;
  at: Date;
}

@Injectable()
export class FollowsRepository {
  constructor(private readonly db: Database) {}

  /** Makes whatever this user wants to follow wait for its turn until the transaction ends, so that their limit holds. */
  async lockFollower(tx: Tx, followerId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('following:' || $1, 0))`, [followerId]);
  }

  /** Undefined when the edge is there already; throws NOT_FOUND when one of the two is erased at this moment. */
  async insert(tx: Tx, { followerId, followeeId }: FollowEdge): Promise<EdgeChange | undefined> {
    try {
      return (await tx.query<EdgeChange>(INSERT, [followerId, followeeId]))[0];
    } catch (error) {
      throw atErasedUser(error, ENDS);
    }
  }

  /** Undefined when there is no such edge. */
  async remove(tx: Tx, { followerId, followeeId }: FollowEdge): Promise<EdgeChange | undefined> {
    return (await tx.query<EdgeChange>(REMOVE, [followerId, followeeId]))[0];
  }

  /** Removes the edges of both directions. */
  removeBetween(tx: Tx, one: string, other: string): Promise<EdgeChange[]> {
    return tx.query<EdgeChange>(REMOVE_BETWEEN, [[one, other]]);
  }

  /** How many users this one follows or waits for: one look at both, since an accepted request moves from the one to the other. */
  async wanted(tx: Tx, followerId: string): Promise<number> {
    return one(await tx.query<{ wanted: number }>(WANTED, [followerId])).wanted;
  }

  async followerIds(userId: string, afterId: string | undefined, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(FOLLOWER_IDS, [userId, afterId ?? FIRST_ID, limit]);
    return rows.map((row) => row.id);
  }

  async followeeIds(userId: string, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(FOLLOWEE_IDS, [userId, limit]);
    return rows.map((row) => row.id);
  }
}

const ENDS = { follow_follower_id_fkey: 'followerId', follow_followee_id_fkey: 'followeeId' };

// The start of the order of ids; no account has it. A first page is then the same statement, and the same plan, as any other.
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const EDGE = 'follower_id as "followerId", followee_id as "followeeId"';
const ENDED = `${EDGE}, nextval('edge_version') as version, clock_timestamp()::timestamptz(3) as at`;

// clock_timestamp, not now: a transaction may have waited for its turn, and the order of the list is the order of the turns.
const INSERT = `
  insert into follow (follower_id, followee_id, created_at) values ($1, $2, clock_timestamp())
  on conflict do nothing
  returning ${EDGE}, nextval('edge_version') as version, created_at as at`;

const REMOVE = `delete from follow where follower_id = $1 and followee_id = $2 returning ${ENDED}`;
const REMOVE_BETWEEN = `
  delete from follow where follower_id = any($1::uuid[]) and followee_id = any($1::uuid[]) returning ${ENDED}`;

const WANTED = `
  select coalesce(
    c.following_count
    + (select coalesce(sum(following), 0)::bigint from follow_count_delta where user_id = c.user_id)
    + (select count(*) from follow_request where follower_id = c.user_id), 0) as wanted
  from follow_count c where c.user_id = $1`;

// Of whatever status, here and below: feeds contain what hidden users take part in, so that it is there when they return.
const FOLLOWER_IDS =
  'select follower_id as id from follow where followee_id = $1 and follower_id > $2 order by follower_id limit $3';
const FOLLOWEE_IDS = 'select followee_id as id from follow where follower_id = $1 order by followee_id limit $2';
