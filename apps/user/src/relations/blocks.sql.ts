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

/** True when the viewer is to meet nothing of the other one: one of the two blocks the other, or the viewer has reported the other. */
export const isOutOfSight = (viewer: Qualified, other: Qualified): string =>
  `(${isBlocked(viewer, other)} or ${hasReported(viewer, other)})`;

/** True when the viewer has reported this user, and has not asked to see them again. */
export const hasReported = (viewer: Qualified, user: Qualified): string =>
  `coalesce((select true from report where reporter_id = ${viewer} and subject_id = ${user} and hides_user limit 1), false)`;
