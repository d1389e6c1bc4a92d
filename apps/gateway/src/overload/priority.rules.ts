import { OVERLOAD } from './overload.config.js';

/** The kinds of work when there is too much of it, the first to be refused first. */
export type Kind = 'dear visitor' | 'visitor' | 'dear user' | 'user';

export interface Priority {
  kind: Kind;
  /** The share of a bound up to which this kind is taken. */
  share: number;
  /** The delay of the event loop from which on it is refused. */
  delayMs: number;
}

const percent = (value: number): number => value / 100;

/** From the first to the last that is refused. */
export const PRIORITIES: readonly Priority[] = [
  { kind: 'dear visitor', share: percent(OVERLOAD.shareOfDearVisitors), delayMs: OVERLOAD.delayOfDearVisitorsMs },
  { kind: 'visitor', share: percent(OVERLOAD.shareOfVisitors), delayMs: OVERLOAD.delayOfVisitorsMs },
  { kind: 'dear user', share: percent(OVERLOAD.shareOfDearUsers), delayMs: OVERLOAD.delayOfDearUsersMs },
  { kind: 'user', share: 1, delayMs: OVERLOAD.delayOfUsersMs },
];

/** Which of the four an operation is. */
export function priorityOf(isSignedIn: boolean, points: number): Priority {
  const isDear = points > OVERLOAD.dearPoints;
  return PRIORITIES[(isSignedIn ? 2 : 0) + (isDear ? 0 : 1)]!;
}
