import { valuesOf } from '../limits/bounds.js';

/** What one gateway process works on at a time, and from when on it refuses whom. */
export const overloadBounds = {
  requests: { value: 1_000, because: 'HTTP requests that are read or answered at a time; each may hold 128 kB.' },
  requestsOfVisitors: {
    value: 600,
    because: 'Of these, without a token: users have room left when visitors come in crowds.',
  },
  pointsInFlight: {
    value: 40_000,
    because:
      'Points of the operations that are executed, at the very most: 56 feed pages, twice what keeps one core busy.',
  },
  leastPoints: {
    value: 7_000,
    because:
      'So much however slow everything is: four fifths of it, the share of dear users, hold the largest operation.',
  },
  shortestUsualMs: {
    value: 25,
    because: 'Between these two bounds is what counts as the usual time of an operation; below this it is noise.',
  },
  longestUsualMs: {
    value: 250,
    because: 'An eighth of the deadline of a read: what usually takes longer is no measure.',
  },
  pointsWaiting: {
    value: 40_000,
    because: 'As much again may wait, at the very most; otherwise what is done in `waitMs`.',
  },
  shareOfOneCaller: {
    value: 50,
    because: 'Percent: a user, or the visitors of one address, leave as much for everybody else.',
  },
  waitMs: {
    value: 30,
    because:
      'About as long as a usual operation takes: it evens out what comes at the same moment. What would wait longer is refused.',
  },
  dearPoints: { value: 1_000, because: 'An operation with more is dear: a feed page of 20 is 710.' },
  shareOfDearVisitors: {
    value: 40,
    because: 'Percent of the points that dear operations of visitors may fill, all others counted.',
  },
  shareOfVisitors: {
    value: 60,
    because: 'The same for all others of visitors, what is refused before them not counted.',
  },
  shareOfDearUsers: { value: 80, because: 'The same for dear operations of signed-in users.' },
  delayOfDearVisitorsMs: {
    value: 200,
    because: 'Milliseconds by which the event loop is late for a whole second: from here on they are refused.',
  },
  delayOfVisitorsMs: { value: 400, because: 'The same for all others of visitors, before their request is read.' },
  delayOfDearUsersMs: { value: 600, because: 'The same for dear operations of signed-in users.' },
  delayOfUsersMs: { value: 1_500, because: 'The same for everybody: an answer would come after its deadline.' },
} as const;

export const OVERLOAD = valuesOf(overloadBounds);
