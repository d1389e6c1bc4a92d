import { Injectable } from '@nestjs/common';
import type { UserCounts } from '@fowergram/contracts-user';
import type { Sql, Tx } from '@fowergram/database';

@Injectable()
export class CountersRepository {
  byIds(sql: Sql, ids: string[]): Promise<UserCounts[]> {
    return sql.query<UserCounts>(BY_IDS, [ids]);
  }

  async insertDeltas(tx: Tx, edges: { followerId: string; followeeId: string }[], change: number): Promise<void> {
    await tx.query(INSERT_DELTAS, [
      edges.map(({ followeeId }) => followeeId),
      edges.map(({ followerId }) => followerId),
      change,
    ]);
  }
}

// One statement is one snapshot: an aggregation that commits meanwhile is seen on both sides or on neither.
const BY_IDS = `
  select c.user_id as "userId", c.follower_count + d.followers as "followerCount", c.following_count + d.following as "followingCount"
  from follow_count c
  cross join lateral (
    select coalesce(sum(followers), 0)::bigint as followers, coalesce(sum(following), 0)::bigint as following
    from follow_count_delta where user_id = c.user_id
  ) d
  where c.user_id = any($1::uuid[])`;

const INSERT_DELTAS = `
  insert into follow_count_delta (user_id, followers, following)
  select id, $3::integer, 0 from unnest($1::uuid[]) as followee (id)
  union all select id, 0, $3::integer from unnest($2::uuid[]) as follower (id)`;

// The sums are looked up in a map: a join, planned while the tables were small, would go through one of them for each row of the other.
/** Moves a batch of deltas into the stored counters. */
export const AGGREGATE = `
  with taken as (
    delete from follow_count_delta
    where id <= (select max(id) from (select id from follow_count_delta order by id limit 2000) page)
    returning user_id, followers, following
  ), sums as (
    select user_id, sum(followers) as followers, sum(following) as following from taken group by user_id
  ), map as (
    select jsonb_object_agg(user_id, followers) as followers, jsonb_object_agg(user_id, following) as following from sums
  ), stored as (
    update follow_count set
      follower_count = follower_count + ((select followers from map) ->> user_id::text)::bigint,
      following_count = following_count + ((select following from map) ->> user_id::text)::bigint
    where user_id = any(array(select user_id from sums))
  )
  select count(*)::integer as aggregated from taken`;
