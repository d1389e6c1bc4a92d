import { Injectable } from '@nestjs/common';
import type { Position, Reading } from '@fowergram/contracts-core';
import {
  Database,
  FORWARD,
  selectStretch,
  type Stretch,
  stretchOf,
  type StretchPlace,
  type Tx,
} from '@fowergram/database';
import { isActive } from '../accounts/account-status.sql.js';
import { selectOthers } from '../relations/pairs.sql.js';
import { atErasedUser } from '../relationships/relationships.rules.js';
import type { EdgeChange, FollowEdge } from './follows.repository.js';

@Injectable()
export class FollowRequestsRepository {
  constructor(private readonly db: Database) {}

  /** Whether a follow has to be asked for. Where it has, the account stays private until the transaction ends. */
  async needsRequest(tx: Tx, followeeId: string): Promise<boolean> {
    const [profile] = await tx.query(PRIVATE, [followeeId]);
    return profile !== undefined && (await tx.query(`${PRIVATE} for share`, [followeeId])).length > 0;
  }

  /** Undefined when the request, or the follow that it is about, is there already. */
  async insert(tx: Tx, { followerId, followeeId }: FollowEdge): Promise<EdgeChange | undefined> {
    try {
      return (await tx.query<EdgeChange>(INSERT, [followerId, followeeId]))[0];
    } catch (error) {
      throw atErasedUser(error, ENDS);
    }
  }

  /** Undefined when there is no such request. */
  async remove(tx: Tx, { followerId, followeeId }: FollowEdge): Promise<EdgeChange | undefined> {
    return (await tx.query<EdgeChange>(REMOVE, [followerId, followeeId]))[0];
  }

  /** Removes the requests of both directions. */
  removeBetween(tx: Tx, one: string, other: string): Promise<EdgeChange[]> {
    return tx.query<EdgeChange>(REMOVE_BETWEEN, [[one, other]]);
  }

  /** Makes follows of the requests that are there still; `isNew` where there was none yet. */
  accept(tx: Tx, followeeId: string, followerIds: string[]): Promise<(EdgeChange & { isNew: boolean })[]> {
    return tx.query<EdgeChange & { isNew: boolean }>(ACCEPT, [followeeId, followerIds]);
  }

  /** A stretch of those who wait for an answer of the user, latest first: many of them may be hidden. */
  async received(userId: string, { from, size }: Reading): Promise<Stretch<Position>> {
    return stretchOf(await this.db.query<StretchPlace>(RECEIVED, [userId, from.at, from.id, size + 1]));
  }

  async sent(userId: string, { from, size }: Reading): Promise<Stretch<Position>> {
    return stretchOf(await this.db.query<StretchPlace>(SENT, [userId, from.at, from.id, size + 1]));
  }
}

const ENDS = { follow_request_follower_id_fkey: 'followerId', follow_request_followee_id_fkey: 'followeeId' };

const PRIVATE = 'select from profile where id = $1 and is_private';

const EDGE = 'follower_id as "followerId", followee_id as "followeeId"';
const ENDED = `${EDGE}, nextval('edge_version') as version, clock_timestamp()::timestamptz(3) as at`;

const INSERT = `
  insert into follow_request (follower_id, followee_id, created_at)
  select $1::uuid, $2::uuid, clock_timestamp()
  where (select true from follow where follower_id = $1 and followee_id = $2 limit 1) is null
  on conflict do nothing
  returning ${EDGE}, nextval('edge_version') as version, created_at as at`;

const REMOVE = `delete from follow_request where follower_id = $1 and followee_id = $2 returning ${ENDED}`;
const REMOVE_BETWEEN = `
  delete from follow_request where follower_id = any($1::uuid[]) and followee_id = any($1::uuid[]) returning ${ENDED}`;

const ACCEPT = `
  with gone as (
    delete from follow_request where follower_id = any($2::uuid[]) and followee_id = $1
    returning follower_id, followee_id, nextval('edge_version') as version, clock_timestamp()::timestamptz(3) as at
  ), made as (
    insert into follow (follower_id, followee_id, created_at) select follower_id, followee_id, at from gone
    on conflict do nothing returning follower_id
  )
  select ${EDGE}, version, at,
    (select true from made where made.follower_id = gone.follower_id limit 1) is not null as "isNew"
  from gone`;

// Who waits for an account that is public by now is about to be accepted.
const RECEIVED = selectStretch(
  `
      select follower_id as id, created_at as at from follow_request
      where followee_id = $1 and (created_at, follower_id) < ($2::timestamptz, $3::uuid)
        and (select is_private from profile where id = $1 limit 1)
      order by created_at desc, follower_id desc`,
  isActive('looked.id'),
  FORWARD,
  '$4',
);

const SENT = selectOthers('follow_request', 'follower_id', 'followee_id', isActive('looked.id'));
