import { Injectable } from '@nestjs/common';
import type { Relation, Relationship } from '@fowergram/contracts-user';
import { one, type Sql, type Tx } from '@fowergram/database';
import { hasReported, isBlocked } from './blocks.sql.js';

/** Two users in one order: what the viewer sees of the author. */
export type OrderedPair = Pick<Relation, 'viewerId' | 'authorId'>;

type RelationRow = Omit<Relation, 'postsMutedUntil' | 'notificationsMutedUntil'> & {
  postsMutedUntil: Date | null;
  notificationsMutedUntil: Date | null;
};

@Injectable()
export class RelationsRepository {
  /**
   * Makes every change between these users wait for its turn until the transaction ends, in whichever order a pair is given: the
   * versions that are drawn in a later statement then commit in their order.
   */
  async lockPairs(tx: Tx, pairs: OrderedPair[]): Promise<void> {
    const keys = pairs.map(({ viewerId, authorId }) => [viewerId, authorId].sort().join(':')).sort();
    await tx.query(LOCK_PAIRS, [keys]);
  }

  /** The registers of these pairs, which are locked, each with a version that is higher than any before. */
  async read(tx: Tx, pairs: OrderedPair[]): Promise<Relation[]> {
    const rows = await tx.query<RelationRow>(RELATIONS, [
      pairs.map(({ viewerId }) => viewerId),
      pairs.map(({ authorId }) => authorId),
    ]);
    return rows.map(toRelation);
  }

  async relationship(sql: Sql, viewerId: string, userId: string): Promise<Relationship> {
    return one(await this.relationships(sql, viewerId, [userId]));
  }

  relationships(sql: Sql, viewerId: string, userIds: string[]): Promise<Relationship[]> {
    return sql.query<Relationship>(RELATIONSHIPS, [viewerId, userIds]);
  }
}

const toRelation = ({ postsMutedUntil, notificationsMutedUntil, ...row }: RelationRow): Relation => ({
  ...row,
  postsMutedUntil: postsMutedUntil?.toISOString() ?? null,
  notificationsMutedUntil: notificationsMutedUntil?.toISOString() ?? null,
});

const LOCK_PAIRS = `select pg_advisory_xact_lock(hashtextextended('pair:' || key, 0)) from unnest($1::text[]) as k (key)`;

// limit 1 keeps each a look-up by key, here and below: without it the planner may read every follower of a popular user.
const RELATIONS = `
  select p.viewer_id as "viewerId", p.author_id as "authorId", nextval('edge_version') as version,
    (select true from follow where follower_id = p.viewer_id and followee_id = p.author_id limit 1) is not null as follows,
    (select true from close_friend where user_id = p.author_id and friend_id = p.viewer_id limit 1) is not null as "closeFriend",
    ${isBlocked('p.viewer_id', 'p.author_id')} as blocked, ${hasReported('p.viewer_id', 'p.author_id')} as reported,
    (select posts_until from mute where muter_id = p.viewer_id and muted_id = p.author_id and posts_until > now() limit 1) as "postsMutedUntil",
    (select notifications_until from mute where muter_id = p.viewer_id and muted_id = p.author_id and notifications_until > now() limit 1)
      as "notificationsMutedUntil"
  from unnest($1::uuid[], $2::uuid[]) as p (viewer_id, author_id)`;

const RELATIONSHIPS = `
  select u.id as "userId",
    (select true from follow where follower_id = $1 and followee_id = u.id limit 1) is not null as following,
    (select true from follow_request where follower_id = $1 and followee_id = u.id limit 1) is not null as requested,
    (select true from follow where follower_id = u.id and followee_id = $1 limit 1) is not null as "followedBy",
    (select true from follow_request where follower_id = u.id and followee_id = $1 limit 1) is not null as "requestedBy",
    (select true from block where blocker_id = $1 and blocked_id = u.id limit 1) is not null as blocking,
    (select true from mute where muter_id = $1 and muted_id = u.id and greatest(posts_until, notifications_until) > now() limit 1)
      is not null as muting,
    (select true from close_friend where user_id = $1 and friend_id = u.id limit 1) is not null as "closeFriend"
  from unnest($2::uuid[]) as u (id)`;
