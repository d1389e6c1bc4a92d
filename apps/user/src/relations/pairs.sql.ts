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
