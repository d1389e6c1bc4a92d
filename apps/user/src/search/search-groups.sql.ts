import { MAX_PAGE_SIZE } from '@fowergram/contracts-core';
import type { Group } from './search.rules.js';
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
const MOST_SIMILAR = 500;

// A number, and no value: of a limit that is unknown plans expect a tenth of a million, for which they are compiled, 12 ms each time.
const LIMIT = `limit ${MAX_PAGE_SIZE + 1}`;

// Each is looked up by key: as a join, the planner may read everybody whose name begins so.
const followed = (condition: string, key: string): string => `
  select p.id, ${key} as key
  from (${FOLLOWED}) f cross join lateral (select * from profile where id = f.followee_id limit 1) p
  where ${IS_FOUND} and ${condition} and ${isBehind(key, 'p.id')}
  order by key, p.id ${LIMIT}`;

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

/** What reads each group of results behind a place in it. */
export const GROUP_STATEMENTS: Record<Group, string> = {
  followedByUsername: followed(IS_BY_USERNAME, USERNAME),
  othersByUsername: others(IS_BY_USERNAME, USERNAME),
  followedByDisplayName: followed(IS_BY_DISPLAY_NAME, DISPLAY_NAME),
  othersByDisplayName: others(IS_BY_DISPLAY_NAME, DISPLAY_NAME),
  followedBySimilarity: followed(`${ASKS_FOR_SIMILAR} and ${IS_SIMILAR}`, DISTANCE),
  othersBySimilarity: SIMILAR_OTHERS,
};
