import { AppError } from '@fowergram/contracts-core';
import { RETRY_AFTER_SECONDS } from '../../http/rest-errors.js';

/** The one tenant of the auth core that this app has. */
export const TENANT = 'public';

const TIMEOUT_MS = 3_000;
const PROBE_TIMEOUT_MS = 1_000;
const PROBE_TTL_MS = 1_000;
/** A key is published a minute before it signs: whoever looks this often knows it in time, whatever else is asked for. */
const KEYS_TTL_MS = 5_000;

/**
 * Gives calls to the auth core an end, connecting included, and keeps to the core what it says when it fails. The SDK calls it with
 * the global fetch, sets no timeout and takes no fetch of ours, so a core that stalls would hold every sign-in for minutes. Requests to
 * anybody else go out untouched.
 */
export function limitCoreCalls(connectionUri: string): void {
  const origins = new Set(connectionUri.split(';').map((address) => new URL(address).origin));
  const unlimited = globalThis.fetch;
  globalThis.fetch = async (target, options) => {
    if (typeof target !== 'string' || !origins.has(new URL(target).origin)) return unlimited(target, options);
    const signal = options?.signal ?? AbortSignal.timeout(TIMEOUT_MS);
    return withoutReason(await unlimited(target, { ...options, signal }));
  };
}

/** A core that fails answers with the text of an exception: where its database is, and as whom it connects. Its own log has that. */
function withoutReason(answer: Response): Response {
  if (answer.status < 500) return answer;
  // A core that has gone meanwhile ends what is left to read by itself.
  answer.body?.cancel().catch(() => undefined);
  return new Response('The auth core failed, its log says why.', { status: answer.status });
}

/** How the SDK words that the core has failed, does not take the key, has too much to do, or is not there. */
const AWAY = /^(SuperTokens core threw an error .* status code: (5\d\d|401|429)\b|No SuperTokens core available)/;

/** Whether an error that the SDK threw is the core's, and passes, in contrast to one that a request has made. */
export const isCoreAway = (error: Error): boolean => AWAY.test(error.message) || error.name === 'TimeoutError';

/** The core, or something else that signing in cannot do without, is out of reach. */
export const signInUnavailable = (cause?: unknown): AppError =>
  new AppError(
    'UNAVAILABLE',
    'Signing in does not work at the moment. Please try again.',
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
    { cause },
  );

/**
 * Knows which keys the core signs with. The SDK would ask the core for every token of an unknown key (twice a second at most),
 * and for each one in an old format; here such tokens end before the SDK sees them, at the price of one question in five seconds.
 */
export class CoreKeys {
  private known = new Set<string>();
  private last: { at: number; answer: Promise<boolean> } | undefined;
  private lastFailed = false;

  constructor(private readonly connectionUri: string) {}

  /** Whether the core has a key of this id; throws UNAVAILABLE when nobody can tell. */
  async has(kid: string): Promise<boolean> {
    if (this.known.has(kid)) return true;
    if (!(await this.fetchKeys(this.lastFailed ? PROBE_TTL_MS : KEYS_TTL_MS))) throw signInUnavailable();
    return this.known.has(kid);
  }

  /** Tells a core that is down from a token that is bad; an answer holds for a second. */
  isReachable(): Promise<boolean> {
    return this.fetchKeys(PROBE_TTL_MS);
  }

  private fetchKeys(maxAgeMs: number): Promise<boolean> {
    if (!this.last || Date.now() - this.last.at > maxAgeMs) this.last = { at: Date.now(), answer: this.ask() };
    return this.last.answer;
  }

  private async ask(): Promise<boolean> {
    const answers = await Promise.all(this.connectionUri.split(';').map((address) => kidsOf(address)));
    const given = answers.filter((answer) => answer !== undefined);
    this.lastFailed = given.length === 0;
    if (!this.lastFailed) this.known = new Set(given.flat());
    return !this.lastFailed;
  }
}

async function kidsOf(address: string): Promise<string[] | undefined> {
  try {
    const answer = await fetch(`${address.replace(/\/$/, '')}/.well-known/jwks.json`, {
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    if (!answer.ok) return undefined;
    const { keys } = (await answer.json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  } catch {
    return undefined;
  }
}
