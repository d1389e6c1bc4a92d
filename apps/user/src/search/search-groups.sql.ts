import { MAX_PAGE_SIZE } from '@fowergram/contracts-core';
import type { FollowedGroup, OthersGroup } from './search.rules.js';
import {
  ASKS_FOR_SIMILAR,
  DISPLAY_NAME,
  DISTANCE,
  FOLLOWED,
  IS_BY_DISPLAY_NAME,
  IS_BY_USERNAME,
  IS_FOUND,
  IS_SIMILAR,
  isBehind,
  USERNAME,
} from './search.sql.js';

/** The folded text; as long as the longest display name, since some letters become several. */
export const FOLDED = `select coalesce(left(folded_name($1), 64), '') as folded`;

/** Whoever has exactly this username. */
export const EXACT = `
  select p.id from profile p
  where lower(p.username collate "C") = $1 and ${IS_FOUND}`;

/** So many are compared with a text at most, which takes some microseconds each. */
const MOST_SIMILAR = 250;

// A number, and no value: of a limit that is unknown plans expect a tenth of a million, for which they are compiled, 12 ms each time.
const LIMIT = `limit ${MAX_PAGE_SIZE + 1}`;

const others = (condition: string, key: string): string => `
  select p.id, ${key} as key from profile p
  where ${IS_FOUND} and ${condition} and ${isBehind(key, 'p.id')} and p.id not in (${FOLLOWED})
  order by key, p.id ${LIMIT}`;

const SIMILAR_OTHERS = `
  select s.id, s.key from (
    select p.id, ${DISTANCE} as key from profile p
    where ${ASKS_FOR_SIMILAR} and ${IS_FOUND} and ${IS_SIMILAR} and p.id not in (${FOLLOWED})
    limit ${MOST_SIMILAR}
  ) s
  where ${isBehind('s.key', 's.id')}
  order by s.key, s.id ${LIMIT}`;

/** What reads each group of those whom the viewer does not follow, behind a place in it. */
export const OTHERS: Record<OthersGroup, string> = {
  othersByUsername: others(IS_BY_USERNAME, USERNAME),
  othersByDisplayName: others(IS_BY_DISPLAY_NAME, DISPLAY_NAME),
  othersBySimilarity: SIMILAR_OTHERS,
};

const followedOf = (group: FollowedGroup, place: string): string => `
  (select n.id, n.key, '${group}' as "group" from named n
    where n."group" = '${group}' and (n.key, n.id) > (${place})
    order by n.key, n.id ${LIMIT})`;

/**
 * What reads all groups of those whom the viewer follows, each behind a place in it, whose key is null for a group that is over; similar
 * names only where $9 asks for them. Names are looked up by key and once for all groups, which is most of what this costs: as a join, the
 * planner may read everybody whose name begins so.
 */
export const FOLLOWED_GROUPS = `
  with named as materialized (
    select p.id, g."group", case g."group"
      when 'followedByUsername' then ${USERNAME}
      when 'followedByDisplayName' then ${DISPLAY_NAME}
      else ${DISTANCE} end as key
    from (${FOLLOWED}) f cross join lateral (select * from profile where id = f.followee_id limit 1) p
    cross join lateral (select case
      when ${USERNAME} = $1 then null
      when starts_with(${USERNAME}, $1) then 'followedByUsername'
      when starts_with(p.folded_display_name, $1) then 'followedByDisplayName'
      when $9::boolean and ${ASKS_FOR_SIMILAR} and ${IS_SIMILAR} then 'followedBySimilarity' end as "group") g
    where g."group" is not null and ${IS_FOUND}
  )
  ${[
    followedOf('followedByUsername', '$3 collate "C", $4::uuid'),
    followedOf('followedByDisplayName', '$5 collate "C", $6::uuid'),
    followedOf('followedBySimilarity', '$7 collate "C", $8::uuid'),
  ].join(' union all ')}`;
