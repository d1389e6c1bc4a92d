import { MAX_PAGE_SIZE } from '@fowergram/contracts-core';
import type { BeginningGroup, FollowedGroup } from './search.rules.js';
import {
  asksForSimilar,
  DISPLAY_NAME,
  DISTANCE,
  followed,
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
const MOST_SIMILAR = 120;

/** Of whom the viewer follows so many, the newest, come first in each rank: each of them is looked at. */
const MOST_FOLLOWED = 1000;
/** And so many in that of similar names. */
const MOST_SIMILAR_FOLLOWED = 250;

// A number, and no value: of a limit that is unknown plans expect a tenth of a million, for which they are compiled, 12 ms each time.
const LIMIT = `limit ${MAX_PAGE_SIZE + 1}`;

const others = (condition: string, key: string): string => `
  select p.id, ${key} as key from profile p
  where ${IS_FOUND} and ${condition} and ${isBehind(key, 'p.id')} and p.id not in (${followed(MOST_FOLLOWED)})
  order by key, p.id ${LIMIT}`;

/** What reads those whom the viewer does not follow and whose name begins so, behind a place. */
export const BY_BEGINNING: Record<BeginningGroup, string> = {
  othersByUsername: others(IS_BY_USERNAME, USERNAME),
  othersByDisplayName: others(IS_BY_DISPLAY_NAME, DISPLAY_NAME),
};

/** What reads similar names of those whom the viewer does not follow, behind a place; $5 is true on a first page. */
export const SIMILAR_OTHERS = `
  select s.id, s.key from (
    select p.id, ${DISTANCE} as key from profile p
    where ${asksForSimilar('$5')} and ${IS_FOUND} and ${IS_SIMILAR} and p.id not in (${followed(MOST_SIMILAR_FOLLOWED)})
    limit ${MOST_SIMILAR}
  ) s
  where ${isBehind('s.key', 's.id')}
  order by s.key, s.id ${LIMIT}`;

const followedOf = (group: FollowedGroup, place: string): string => `
  (select n.id, n.key, '${group}' as "group" from named n
    where n."group" = '${group}' and (n.key, n.id) > (${place})
    order by n.key, n.id ${LIMIT})`;

/**
 * What reads all groups of those whom the viewer follows, each behind a place in it, whose key is null for a group that is over; similar
 * names only where $9 asks for them, of a first page where $10 is true. Names are looked up by key and once for all groups, which is most of what this costs: as a join, the
 * planner may read everybody whose name begins so.
 */
export const FOLLOWED_GROUPS = `
  with named as materialized (
    select p.id, p."group", case p."group"
      when 'followedByUsername' then ${USERNAME}
      when 'followedByDisplayName' then ${DISPLAY_NAME}
      else ${DISTANCE} end as key
    from (
      select p.*, case
        when ${USERNAME} = $1 then null
        when starts_with(${USERNAME}, $1) then 'followedByUsername'
        when starts_with(p.folded_display_name, $1) then 'followedByDisplayName'
        when $9::boolean and f.nth <= ${MOST_SIMILAR_FOLLOWED} and ${asksForSimilar('$10')} and ${IS_SIMILAR} then 'followedBySimilarity' end as "group"
      from (select followee_id, row_number() over () as nth from (${followed(MOST_FOLLOWED)}) newest) f
      cross join lateral (select * from profile where id = f.followee_id limit 1) p
      offset 0
    ) p
    where p."group" is not null and ${IS_FOUND}
  )
  ${[
    followedOf('followedByUsername', '$3 collate "C", $4::uuid'),
    followedOf('followedByDisplayName', '$5 collate "C", $6::uuid'),
    followedOf('followedBySimilarity', '$7 collate "C", $8::uuid'),
  ].join(' union all ')}`;
