import { FORWARD, selectStretch } from '@fowergram/database';

/** Selects a stretch of the others in the rows of a table of pairs whose column `key` is the user $1, latest first, after ($2, $3). */
export const selectOthers = (table: string, key: string, other: string, isShown: string): string =>
  selectStretch(
    `
      select ${other} as id, created_at as at from ${table}
      where ${key} = $1 and (created_at, ${other}) < ($2::timestamptz, $3::uuid)
      order by created_at desc, ${other} desc`,
    isShown,
    FORWARD,
    '$4',
  );

/**
 * Deletes a batch of the rows of a table of pairs whose column `key` is the user $1. The list of the others is an array, so that both
 * steps are look-ups by index however many rows there are.
 */
export const deletePairs = (table: string, key: string, other: string): string => `
  delete from ${table} where ${key} = $1
    and ${other} = any(array(select ${other} from ${table} where ${key} = $1 order by ${other} limit $2))
  returning true as gone`;

/** Counts the rows of a table of pairs whose column `key` is the user $1, up to one more than $2. */
export const lengthUpTo = (table: string, key: string): string =>
  `select count(*) as length from (select from ${table} where ${key} = $1 limit $2::bigint + 1) l`;
