import { Injectable } from '@nestjs/common';
import type { Position, Reading } from '@fowergram/contracts-core';
import {
  BACKWARD,
  type BothWays,
  type Direction,
  FORWARD,
  Replicas,
  selectStretch,
  type Stretch,
  stretchOf,
  type StretchPlace,
} from '@fowergram/database';
import { isActive } from '../accounts/account-status.sql.js';
import { isOutOfSight } from '../relations/blocks.sql.js';
import { maySeeFollowLists } from './follow-lists.sql.js';

/** Lists of followers as a viewer sees them, newest first, in stretches of one more than are read at most: many of them may be hidden. */
@Injectable()
export class FollowListsRepository {
  constructor(private readonly replicas: Replicas) {}

  async followers(userId: string, viewerId: string | null, { way, ...next }: Reading): Promise<Stretch<Position>> {
    return stretchOf(await this.replicas.query<StretchPlace>(FOLLOWERS[way], valuesOf(userId, viewerId, next)));
  }

  async following(userId: string, viewerId: string | null, { way, ...next }: Reading): Promise<Stretch<Position>> {
    return stretchOf(await this.replicas.query<StretchPlace>(FOLLOWING[way], valuesOf(userId, viewerId, next)));
  }

  /** Whom the user follows, and who follows back. */
  async mutual(userId: string, viewerId: string | null, { way, ...next }: Reading): Promise<Stretch<Position>> {
    return stretchOf(await this.replicas.query<StretchPlace>(MUTUAL[way], valuesOf(userId, viewerId, next)));
  }

  /** Those followers whom the viewer follows, in the order in which the viewer followed them. */
  async familiar(userId: string, viewerId: string, { way, ...next }: Reading): Promise<Stretch<Position>> {
    return stretchOf(await this.replicas.query<StretchPlace>(FAMILIAR[way], valuesOf(userId, viewerId, next)));
  }
}

const valuesOf = (userId: string, viewerId: string | null, { from, size }: Omit<Reading, 'way'>): unknown[] => [
  userId,
  from.at,
  from.id,
  size + 1,
  viewerId,
];

const IS_SEEN = `${isActive('looked.id')} and not ${isOutOfSight('$5::uuid', 'looked.id')}`;

const followers = (way: Direction): string =>
  selectStretch(
    `
      select follower_id as id, created_at as at from follow
      where followee_id = $1 and (created_at, follower_id) ${way.behind} ($2::timestamptz, $3::uuid)
        and ${maySeeFollowLists('$5::uuid', '$1')}
      order by created_at ${way.order}, follower_id ${way.order}`,
    IS_SEEN,
    way,
    '$4',
  );

/** Those of whom this user follows that meet a condition. */
const following = (follower: '$1' | '$5', isWanted: string, way: Direction): string =>
  selectStretch(
    `
      select followee_id as id, created_at as at from follow
      where follower_id = ${follower} and (created_at, followee_id) ${way.behind} ($2::timestamptz, $3::uuid)
        and ${maySeeFollowLists('$5::uuid', '$1')}
      order by created_at ${way.order}, followee_id ${way.order}`,
    isWanted,
    way,
    '$4',
  );

// From those whom one follows, who are few, to the edge of each: a popular user has very many followers.
const FOLLOWS_USER = `(select true from follow where follower_id = looked.id and followee_id = $1 limit 1) is not null`;
const mutual = (way: Direction): string => following('$1', `${FOLLOWS_USER} and ${IS_SEEN}`, way);
const familiar = (way: Direction): string => following('$5', `${FOLLOWS_USER} and ${IS_SEEN}`, way);

const FOLLOWERS: BothWays = { forward: followers(FORWARD), backward: followers(BACKWARD) };
const FOLLOWING: BothWays = {
  forward: following('$1', IS_SEEN, FORWARD),
  backward: following('$1', IS_SEEN, BACKWARD),
};
const MUTUAL: BothWays = { forward: mutual(FORWARD), backward: mutual(BACKWARD) };
const FAMILIAR: BothWays = { forward: familiar(FORWARD), backward: familiar(BACKWARD) };
