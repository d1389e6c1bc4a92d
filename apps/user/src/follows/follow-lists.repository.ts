import { Injectable } from '@nestjs/common';
import type { Position, Reading } from '@fowergram/contracts-core';
import { BACKWARD, type BothWays, Database, type Direction, FORWARD, type Qualified } from '@fowergram/database';
import { isActive } from '../accounts/account-status.sql.js';
import { isOutOfSight } from '../relations/blocks.sql.js';
import { maySeeFollowLists } from './follow-lists.sql.js';

/** Lists of followers as a viewer sees them, newest first: a page is full of visible users while there are more; one row more tells that. */
@Injectable()
export class FollowListsRepository {
  constructor(private readonly db: Database) {}

  followers(userId: string, viewerId: string | null, { way, from, size }: Reading): Promise<Position[]> {
    return this.db.query<Position>(FOLLOWERS[way], [userId, from.at, from.id, size + 1, viewerId]);
  }

  following(userId: string, viewerId: string | null, { way, from, size }: Reading): Promise<Position[]> {
    return this.db.query<Position>(FOLLOWING[way], [userId, from.at, from.id, size + 1, viewerId]);
  }

  /** Whom the user follows, and who follows back. */
  mutual(userId: string, viewerId: string | null, { way, from, size }: Reading): Promise<Position[]> {
    return this.db.query<Position>(MUTUAL[way], [userId, from.at, from.id, size + 1, viewerId]);
  }

  /** Those followers whom the viewer follows, in the order in which the viewer followed them. */
  familiar(userId: string, viewerId: string, after: Position, limit: number): Promise<Position[]> {
    return this.db.query<Position>(FAMILIAR, [userId, after.at, after.id, limit, viewerId]);
  }
}

const isSeen = (column: Qualified): string => `${isActive(column)} and not ${isOutOfSight('$5::uuid', column)}`;

const followers = (way: Direction): string => `
  select follower_id as id, created_at as at from follow
  where followee_id = $1 and (created_at, follower_id) ${way.behind} ($2::timestamptz, $3::uuid)
    and ${maySeeFollowLists('$5::uuid', '$1')} and ${isSeen('follow.follower_id')}
  order by created_at ${way.order}, follower_id ${way.order} limit $4`;

const FOLLOWERS: BothWays = { forward: followers(FORWARD), backward: followers(BACKWARD) };

const following = (way: Direction, condition: string): string => `
  select f.followee_id as id, f.created_at as at from follow f
  where f.follower_id = $1 and (f.created_at, f.followee_id) ${way.behind} ($2::timestamptz, $3::uuid)${condition}
    and ${maySeeFollowLists('$5::uuid', '$1')} and ${isSeen('f.followee_id')}
  order by f.created_at ${way.order}, f.followee_id ${way.order} limit $4`;

const FOLLOWING: BothWays = { forward: following(FORWARD, ''), backward: following(BACKWARD, '') };

// From those whom the user follows, who are few, to the edge back: a popular user has very many followers.
const FOLLOWS_BACK = `
    and (select true from follow where follower_id = f.followee_id and followee_id = $1 limit 1) is not null`;
const MUTUAL: BothWays = { forward: following(FORWARD, FOLLOWS_BACK), backward: following(BACKWARD, FOLLOWS_BACK) };

// From those whom the viewer follows, who are few, to the edge of each: a popular user has very many followers.
const FAMILIAR = `
  select f.followee_id as id, f.created_at as at from follow f
  where f.follower_id = $5 and (f.created_at, f.followee_id) < ($2::timestamptz, $3::uuid)
    and (select true from follow where follower_id = f.followee_id and followee_id = $1 limit 1) is not null
    and ${maySeeFollowLists('$5::uuid', '$1')} and ${isSeen('f.followee_id')}
  order by f.created_at desc, f.followee_id desc limit $4`;
