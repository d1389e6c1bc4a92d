import type { Replicas, Sql } from '@fowergram/database';

/** Calls that claim what is not so, each in another way, of the database of the user service, and changes that join. */
export const falseClaims = (sql: Sql, text: string, replicas: Replicas) => [
  sql.query<{ id: string; avatar: string | null }>('select id, avatar_media_id as avatar from profile'),
  sql.query<{ id: number }>('select id from profile'),
  sql.query<{ id: string; name: string }>('select id, username from profile'),
  sql.query<{ avatar_media_id: string }>('select avatar_media_id from profile'),
  sql.query<{ id: string | null }>('select id from profile'),
  sql.query<{ at: Date }>('select f.created_at as at from profile p left join follow f on f.follower_id = p.id'),
  sql.query<{ count: number | null }>('select count(*) from profile'),
  sql.query<{ last: Date }>('select max(created_at) as last from profile'),
  sql.query<{ count: string }>('select count(*) from profile'),
  sql.query('select id from profile where id = $1', []),
  sql.query('select id from profiles'),
  sql.query('delete from follow where followee_id in (select id from profile limit 5)'),
  sql.query('with p as (select id from profile limit 5) delete from follow using p where followee_id = p.id'),
  sql.query('with f as (select followee_id as of from follow) update profile set bio = null from f where id = f.of'),
  sql.query('delete from follow where followee_id = any(array(select id from profile limit 5))'),
  sql.query('insert into follow select f.* from follow f join profile on id = f.followee_id on conflict do nothing'),
  sql.query(text),
  replicas.query('update profile set bio = null where id = $1', ['']),
  replicas.query('select from profile where id = $1 for share', ['']),
];
