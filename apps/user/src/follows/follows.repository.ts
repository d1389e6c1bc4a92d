import { Injectable } from '@nestjs/common';
import { notFound, type Position } from '@fowergram/contracts-core';
import type { Relationship } from '@fowergram/contracts-user';
import { Database, one, type Sql, type Tx } from '@fowergram/database';
import { IS_ACTIVE } from '../accounts/account-status.sql.js';
import { maySeeFollowLists } from './follow-lists.sql.js';

export interface FollowEdge {
  followerId: string;
  followeeId: string;
}

/** Nobody when there is no session. */
type Viewer = string | null | undefined;

/** A change of an edge: later changes of the same edge have higher versions and no earlier time. */
export interface EdgeChange {
  version: number;
  at: Date;
}

@Injectable()
export class FollowsRepository {
  constructor(private readonly db: Database) {}

  /**
   * Makes every change of what this user follows wait for its turn until the transaction ends. An edge is changed by its
   * follower only, so this orders the versions of each edge too; they are drawn in a later statement than this one.
   */
  async lockFollower(tx: Tx, followerId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('following:' || $1, 0))`, [followerId]);
  }

  /** Undefined when the edge is there already; throws NOT_FOUND when one of the two is erased at this moment. */
  async insert(tx: Tx, { followerId, followeeId }: FollowEdge): Promise<EdgeChange | undefined> {
    try {
      return (await tx.query<EdgeChange>(INSERT, [followerId, followeeId]))[0];
    } catch (error) {
      const field = ENDS[(error as { constraint?: string }).constraint ?? ''];
      throw field ? notFound('user', [field]) : error;
    }
  }

  /** Undefined when there is no such edge. */
  async remove(tx: Tx, { followerId, followeeId }: FollowEdge): Promise<EdgeChange | undefined> {
    return (await tx.query<EdgeChange>(REMOVE, [followerId, followeeId]))[0];
  }

  async relationship(sql: Sql, viewerId: string, userId: string): Promise<Relationship> {
    return one(await this.relationships(sql, viewerId, [userId]));
  }

  relationships(sql: Sql, viewerId: string, userIds: string[]): Promise<Relationship[]> {
    return sql.query<Relationship>(RELATIONSHIPS, [viewerId, userIds]);
  }

  /** Only visible users: a page is full of them while there are more. Nobody for a viewer who may not see the list. */
  followers(userId: string, viewerId: Viewer, after: Position | undefined, limit: number): Promise<Position[]> {
    return this.db.query<Position>(FOLLOWERS, listValues(userId, viewerId, after, limit));
  }

  following(userId: string, viewerId: Viewer, after: Position | undefined, limit: number): Promise<Position[]> {
    return this.db.query<Position>(FOLLOWING, listValues(userId, viewerId, after, limit));
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

const listValues = (userId: string, viewerId: Viewer, after: Position | undefined, limit: number): unknown[] => [
  userId,
  after?.at ?? 'infinity',
  after?.id ?? LAST_ID,
  limit,
  viewerId,
];

const ENDS: Record<string, string> = { follow_follower_id_fkey: 'followerId', follow_followee_id_fkey: 'followeeId' };

// The ends of the order of ids; no account has them. A first page is then the same statement, and the same plan, as any other.
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

// clock_timestamp, not now: a transaction may have waited for its turn, and the order of the list is the order of the turns.
const INSERT = `
  insert into follow (follower_id, followee_id, created_at) values ($1, $2, clock_timestamp())
  on conflict do nothing
  returning nextval('edge_version') as version, created_at as at`;

const REMOVE = `
  delete from follow where follower_id = $1 and followee_id = $2
  returning nextval('edge_version') as version, clock_timestamp()::timestamptz(3) as at`;

// limit 1 keeps both as look-ups by key: without it the planner may read every follower of a popular viewer.
const RELATIONSHIPS = `
  select u.id as "userId", coalesce(f.yes, false) as following, coalesce(b.yes, false) as "followedBy"
  from unnest($2::uuid[]) as u (id)
  left join lateral (select true as yes from follow where follower_id = $1 and followee_id = u.id limit 1) f on true
  left join lateral (select true as yes from follow where follower_id = u.id and followee_id = $1 limit 1) b on true`;

// A look-up by key for each row: as a join, the planner may read every profile for one page.
const isVisible = (column: string): string => `(select ${IS_ACTIVE} from profile p where p.id = ${column} limit 1)`;

const FOLLOWERS = `
  select follower_id as id, created_at as at from follow
  where followee_id = $1 and (created_at, follower_id) < ($2::timestamptz, $3::uuid) and ${isVisible('follower_id')}
    and ${maySeeFollowLists('$5::uuid', '$1')}
  order by created_at desc, follower_id desc limit $4`;

const FOLLOWING = `
  select followee_id as id, created_at as at from follow
  where follower_id = $1 and (created_at, followee_id) < ($2::timestamptz, $3::uuid) and ${isVisible('followee_id')}
    and ${maySeeFollowLists('$5::uuid', '$1')}
  order by created_at desc, followee_id desc limit $4`;

// Of whatever status, here and below: feeds contain what hidden users take part in, so that it is there when they return.
const FOLLOWER_IDS =
  'select follower_id as id from follow where followee_id = $1 and follower_id > $2 order by follower_id limit $3';
const FOLLOWEE_IDS = 'select followee_id as id from follow where follower_id = $1 order by followee_id limit $2';
