import { Injectable } from '@nestjs/common';
import type { Position } from '@fowergram/contracts-core';
import { Database, type Qualified } from '@fowergram/database';
import { isActive } from '../accounts/account-status.sql.js';
import { isOutOfSight } from '../relations/blocks.sql.js';
import { endOf } from '../relationships/page-end.rules.js';
import { maySeeFollowLists } from './follow-lists.sql.js';

/** Lists of followers as a viewer sees them, newest first: a page is full of visible users while there are more. */
@Injectable()
export class FollowListsRepository {
  constructor(private readonly db: Database) {}

  followers(userId: string, viewerId: string | null, after: Position | undefined, limit: number): Promise<Position[]> {
    return this.db.query<Position>(FOLLOWERS, [userId, ...endOf(after), limit, viewerId]);
  }

  following(userId: string, viewerId: string | null, after: Position | undefined, limit: number): Promise<Position[]> {
    return this.db.query<Position>(FOLLOWING, [userId, ...endOf(after), limit, viewerId]);
  }

  /** Whom the user follows, and who follows back. */
  mutual(userId: string, viewerId: string | null, after: Position | undefined, limit: number): Promise<Position[]> {
    return this.db.query<Position>(MUTUAL, [userId, ...endOf(after), limit, viewerId]);
  }

  /** Those followers whom the viewer follows, in the order in which the viewer followed them. */
  familiar(userId: string, viewerId: string, after: Position | undefined, limit: number): Promise<Position[]> {
    return this.db.query<Position>(FAMILIAR, [userId, ...endOf(after), limit, viewerId]);
  }
}

const isSeen = (column: Qualified): string => `${isActive(column)} and not ${isOutOfSight('$5::uuid', column)}`;

const FOLLOWERS = `
  select follower_id as id, created_at as at from follow
  where followee_id = $1 and (created_at, follower_id) < ($2::timestamptz, $3::uuid)
    and ${maySeeFollowLists('$5::uuid', '$1')} and ${isSeen('follow.follower_id')}
  order by created_at desc, follower_id desc limit $4`;

const following = (condition: string): string => `
  select f.followee_id as id, f.created_at as at from follow f
  where f.follower_id = $1 and (f.created_at, f.followee_id) < ($2::timestamptz, $3::uuid)${condition}
    and ${maySeeFollowLists('$5::uuid', '$1')} and ${isSeen('f.followee_id')}
  order by f.created_at desc, f.followee_id desc limit $4`;

const FOLLOWING = following('');

// From those whom the user follows, who are few, to the edge back: a popular user has very many followers.
const MUTUAL = following(`
    and (select true from follow where follower_id = f.followee_id and followee_id = $1 limit 1) is not null`);

// From those whom the viewer follows, who are few, to the edge of each: a popular user has very many followers.
const FAMILIAR = `
  select f.followee_id as id, f.created_at as at from follow f
  where f.follower_id = $5 and (f.created_at, f.followee_id) < ($2::timestamptz, $3::uuid)
    and (select true from follow where follower_id = f.followee_id and followee_id = $1 limit 1) is not null
    and ${maySeeFollowLists('$5::uuid', '$1')} and ${isSeen('f.followee_id')}
  order by f.created_at desc, f.followee_id desc limit $4`;
