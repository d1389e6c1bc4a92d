/*
 * The rotation as a pure function: what a session remembers, and what each request answers and stores. Times are
 * whole waits apart, so that no story ends on the edge of an expiry.
 */
export interface Living {
  /** The refresh token whose children are legitimate. */
  parent: number;
  isStatic: boolean;
  /** Which of the payloads that were stored is in force. */
  payload: number;
  expiresAt: number;
}

export type State = Living | 'ended';

export interface RefreshToken {
  id: number;
  parent: number | null;
  text: string;
  /** Nothing where the token came without protection. */
  csrf: string | undefined;
}

export interface AccessToken {
  of: number;
  parent: number | null;
  payload: number;
  expiresAt: number;
  text: string;
  csrf: string | undefined;
}

/** With which anti-CSRF token a request comes; where the switch is off nobody minds. */
export type Csrf = 'right' | 'wrong' | 'none';

export interface Circumstances {
  now: number;
  /** Whether this request has the switch on. */
  isProtected: boolean;
  csrf: Csrf;
}

/** A status, and of a new access token the kind of its key and the payload in it: `OK d 0`. */
export type Outcome = string;

export type Turn = [Outcome, State];

export const REFRESH_VALIDITY_MS = 144_000 * 60_000;

export const issued = (kind: 'd' | 's', payload: number): Outcome => `OK ${kind} ${payload}`;

const issuedTo = (state: Living): Outcome => issued(state.isStatic ? 's' : 'd', state.payload);

function alive(state: State, now: number): Living | undefined {
  return state === 'ended' || state.expiresAt <= now ? undefined : state;
}

function promoted(state: Living, parent: number, now: number): Living {
  return { ...state, parent, expiresAt: now + REFRESH_VALIDITY_MS };
}

export function refreshed(
  state: State,
  token: RefreshToken,
  useDynamicKey: boolean,
  { now, isProtected, csrf }: Circumstances,
): Turn {
  if (isProtected && token.csrf !== undefined && csrf !== 'right') return ['UNAUTHORISED', state];
  const session = alive(state, now);
  if (!session) return ['UNAUTHORISED', state];
  if (session.parent !== token.id && session.parent !== token.parent) return ['TOKEN_THEFT_DETECTED', state];
  const rotated = session.parent === token.id ? session : promoted(session, token.id, now);
  const next = { ...rotated, isStatic: !useDynamicKey };
  return [issuedTo(next), next];
}

export function verified(
  state: State,
  token: AccessToken,
  checkDatabase: boolean,
  { now, isProtected, csrf }: Circumstances,
): Turn {
  const isForged = isProtected && (token.csrf === undefined || csrf !== 'right');
  if (token.expiresAt <= now || isForged) return ['TRY_REFRESH_TOKEN', state];
  if (token.parent === null && !checkDatabase) return ['OK', state];
  const session = alive(state, now);
  if (!session) return ['UNAUTHORISED', state];
  const isStale = checkDatabase && session.payload !== token.payload;
  if (token.parent === null) return [isStale ? issuedTo(session) : 'OK', state];
  if (session.parent === token.parent) return [issuedTo(session), promoted(session, token.of, now)];
  return [session.parent === token.of || isStale ? issuedTo(session) : 'OK', state];
}

export function repaid(state: State, payload: number, now: number): Turn {
  const session = alive(state, now);
  return session ? ['OK', { ...session, payload }] : ['UNAUTHORISED', state];
}

/** Every state in which some order of these turns, that would have been answered so, leaves the session. */
export function explain(starts: State[], turns: ((state: State) => Turn)[], outcomes: Outcome[]): State[] {
  const ends = starts.flatMap((start) =>
    orders(turns.length).flatMap((order) => follow(turns, order, start, outcomes)),
  );
  return [...new Map(ends.map((state) => [JSON.stringify(state), state])).values()];
}

function follow(turns: ((state: State) => Turn)[], order: number[], start: State, outcomes: Outcome[]): State[] {
  let state = start;
  for (const index of order) {
    const [outcome, next] = turns[index]!(state);
    if (outcome !== outcomes[index]) return [];
    state = next;
  }
  return [state];
}

function orders(length: number): number[][] {
  if (length === 0) return [[]];
  return orders(length - 1).flatMap((order) =>
    Array.from({ length }, (_, place) => [...order.slice(0, place), length - 1, ...order.slice(place)]),
  );
}
