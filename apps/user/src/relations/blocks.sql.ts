import type { Qualified } from '@fowergram/database';

/**
 * True when the user in the first place blocks the one in the second; false where one of them is null. A look-up by key for each row. Of
 * `is not null` a plan expects that it is nearly always true: a page would read and sort the whole list, of which nothing seems to be left.
 */
export const blocks = (blocker: Qualified, blocked: Qualified): string =>
  `coalesce((select true from block where blocker_id = ${blocker} and blocked_id = ${blocked} limit 1), false)`;

/** True when one of the two blocks the other. */
export const isBlocked = (one: Qualified, other: Qualified): string =>
  `(${blocks(one, other)} or ${blocks(other, one)})`;
