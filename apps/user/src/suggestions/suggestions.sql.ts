import { IS_ACTIVE } from '../accounts/account-status.sql.js';
import { isOutOfSight } from '../relations/blocks.sql.js';

/** Of those whom the viewer follows, and of whom each of them follows, so many of the newest count. */
const SAMPLE = 150;

/** Whoever follows more says little about whom they know, and some plans read all whom a source follows. */
const MOST_FOLLOWING = 1_000;

/** So many of those with the largest overlap are looked up. */
const BEST = 500;

const newest = (followerId: string): string => `
  select followee_id from follow where follower_id = ${followerId}
  order by created_at desc, followee_id desc limit ${SAMPLE}`;

/** The viewer's own rows of a table; as a list that is read once, whatever the planner thinks of its length. */
const isIn = (table: string, viewer: string, other: string): string =>
  `t.id in (select ${other} from ${table} where ${viewer} = $1)`;

/**
 * Whom those follow whom the viewer follows, with how many of them do. Who shows to nobody whom they follow is no source: a viewer who
 * follows nobody else would read their list here.
 */
export const SUGGESTIONS = `
  with source as materialized (
    select f.followee_id as id from (${newest('$1')}) f
    cross join lateral (select * from profile where id = f.followee_id limit 1) p
    where ${IS_ACTIVE} and p.shows_follow_lists
      and (select c.following_count from follow_count c where c.user_id = f.followee_id limit 1) <= ${MOST_FOLLOWING}
  ), tally as materialized (
    select f.followee_id as id, count(*) as overlap
    from source s cross join lateral (${newest('s.id')}) f
    group by f.followee_id
  ), best as materialized (
    select t.id, t.overlap from tally t
    where t.id <> $1 and not ${isIn('follow', 'follower_id', 'followee_id')}
      and not ${isIn('follow_request', 'follower_id', 'followee_id')}
      and not ${isIn('mute', 'muter_id', 'muted_id')}
      and not ${isIn('dismissed_suggestion', 'user_id', 'dismissed_id')}
    order by t.overlap desc, t.id limit ${BEST}
  )
  select b.id, b.overlap from best b
  cross join lateral (select * from profile where id = b.id limit 1) p
  where (b.overlap < $2::bigint or (b.overlap = $2::bigint and b.id > $3::uuid))
    and ${IS_ACTIVE} and not ${isOutOfSight('$1', 'b.id')}
  order by b.overlap desc, b.id limit $4`;
