const MINUTE = 60;
const HOUR = 60 * MINUTE;

export interface Limit {
  /** Also the name in Redis and in the metric. */
  name: string;
  /** What is counted by: where a request comes from, whom it is about, or both together. */
  per: 'address' | 'account' | 'pair';
  points: number;
  seconds: number;
  /** Where only failures count, a success gives its point back. */
  counts: 'attempts' | 'failures';
  /** Not asked of an address from which the account was signed in to lately: nobody can lock a user out of their own phone. */
  sparesKnown: boolean;
}

export interface Action {
  limits: Limit[];
  /** Where the account is read from. */
  account?: 'form' | 'email' | 'device' | 'session';
  /** Which answers leave at a fixed tick, so that their time says nothing about an account. */
  paced?: 'failures' | 'everything';
  /** True where 401 only says that there is no session, so that nothing was tried. */
  needsSession?: boolean;
}

const limit = (
  action: string,
  per: Limit['per'],
  points: number,
  seconds: number,
  counts: Limit['counts'],
  sparesKnown = false,
): Limit => ({
  name: `${action}.${per}.${counts}`,
  per,
  points,
  seconds,
  counts,
  sparesKnown,
});

const table = {
  'sign-in': {
    account: 'form',
    paced: 'failures',
    limits: [
      limit('sign-in', 'address', 100, HOUR, 'failures'),
      limit('sign-in', 'pair', 10, 15 * MINUTE, 'failures'),
      limit('sign-in', 'account', 50, HOUR, 'failures', true),
    ],
  },
  'sign-up': { limits: [limit('sign-up', 'address', 30, HOUR, 'attempts')] },
  'reset-request': {
    account: 'form',
    paced: 'everything',
    limits: [
      limit('reset-request', 'address', 20, HOUR, 'attempts'),
      limit('reset-request', 'pair', 5, HOUR, 'attempts'),
      limit('reset-request', 'account', 5, HOUR, 'attempts', true),
    ],
  },
  reset: { paced: 'failures', limits: [limit('reset', 'address', 30, HOUR, 'attempts')] },
  'verification-mail': {
    account: 'session',
    needsSession: true,
    limits: [
      limit('verification-mail', 'address', 60, HOUR, 'attempts'),
      limit('verification-mail', 'account', 5, HOUR, 'attempts'),
    ],
  },
  verification: { paced: 'failures', limits: [limit('verification', 'address', 60, HOUR, 'attempts')] },
  'code-request': {
    account: 'email',
    paced: 'everything',
    limits: [
      limit('code-request', 'address', 20, HOUR, 'attempts'),
      limit('code-request', 'pair', 5, HOUR, 'attempts'),
      limit('code-request', 'account', 5, HOUR, 'attempts', true),
    ],
  },
  'code-again': {
    account: 'device',
    paced: 'everything',
    limits: [limit('code-again', 'address', 20, HOUR, 'attempts'), limit('code-again', 'account', 3, HOUR, 'attempts')],
  },
  code: { paced: 'failures', limits: [limit('code', 'address', 30, 15 * MINUTE, 'failures')] },
  refresh: {
    limits: [
      limit('refresh', 'address', 3_000, HOUR, 'attempts'),
      limit('refresh', 'address', 60, 15 * MINUTE, 'failures'),
    ],
  },
  'second-factor': { needsSession: true, limits: [limit('second-factor', 'address', 30, 15 * MINUTE, 'failures')] },
  exists: { limits: [limit('exists', 'address', 30, HOUR, 'attempts')] },
  'third-party': { limits: [limit('third-party', 'address', 100, HOUR, 'attempts')] },
  'third-party-url': { limits: [limit('third-party-url', 'address', 100, HOUR, 'attempts')] },
  'email-change': { limits: [limit('email-change', 'account', 10, HOUR, 'attempts')] },
  'mail-to-stranger': { limits: [limit('mail-to-stranger', 'account', 10, HOUR, 'attempts')] },
  reauthenticate: { limits: [limit('reauthenticate', 'account', 10, 15 * MINUTE, 'failures')] },
} satisfies Record<string, Action>;

export type ActionName = keyof typeof table;

/** Everything that is counted, and how much of it is allowed. The reasons are in docs/adr/0012-abuse-limits.md. */
export const actions: Record<ActionName, Action> = table;

export type Outcome = 'success' | 'failure' | 'untried';

/** Tells from the answer whether a credential was right; `status` is the SDK's own word in a body of 200. */
export function outcomeOf(action: Action, statusCode: number, status: unknown): Outcome {
  if (statusCode >= 500 || (statusCode === 401 && action.needsSession)) return 'untried';
  return statusCode < 400 && (status === undefined || status === 'OK') ? 'success' : 'failure';
}

/** True when the point of a limit is given back after this outcome. */
export const isGivenBack = (limit: Limit, outcome: Outcome): boolean =>
  outcome === 'untried' || (outcome === 'success' && limit.counts === 'failures');

/** Longer than a password hash takes on a busy machine: the first tick is the one that nearly every answer leaves at. */
const TICK_MS = 500;

/** How long an answer waits for the next tick after its request came. */
export const msToNextTick = (elapsedMs: number): number => (Math.floor(elapsedMs / TICK_MS) + 1) * TICK_MS - elapsedMs;

export const isPaced = (action: Action, outcome: Outcome): boolean =>
  action.paced === 'everything' || (action.paced === 'failures' && outcome !== 'success');
