import { FowergramError, throwIfAborted } from '../errors.js';
import { onReturn, passedMs } from '../surroundings.js';

export interface AttemptRules {
  /** How long a request is repeated before its failure is that of the call. */
  giveUpAfterMs: number;
  /** The time before the first repeat; it doubles with each. */
  firstDelayMs: number;
  longestDelayMs: number;
}

export const ATTEMPTS: AttemptRules = { giveUpAfterMs: 60_000, firstDelayMs: 250, longestDelayMs: 8_000 };

/** A timer of more than this ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How long to wait before the next try: as the server says and a random part of a second, otherwise longer each time. */
export function delayMs(
  failures: number,
  { firstDelayMs, longestDelayMs }: AttemptRules,
  retryAfterSeconds?: number,
): number {
  if (retryAfterSeconds !== undefined) return (retryAfterSeconds + Math.random()) * 1_000;
  return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures, 16)) * (0.5 + Math.random() / 2);
}

/** Repeats what may succeed later, with a growing and random delay; the clock of the device plays no part. */
export async function repeatedly<T>(
  rules: AttemptRules,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
  mayRepeat = (error: FowergramError): boolean => error.retryable,
): Promise<T> {
  let waitedMs = 0;
  for (let failures = 0; ; failures++) {
    throwIfAborted(signal);
    const startedAt = passedMs();
    try {
      return await attempt();
    } catch (thrown) {
      throwIfAborted(signal);
      // What the app's own functions throw is no failure of the network.
      if (!(thrown instanceof FowergramError)) throw thrown;
      const wait = delayMs(failures, rules, thrown.retryAfterSeconds);
      waitedMs += passedMs() - startedAt + wait;
      if (!mayRepeat(thrown) || waitedMs > rules.giveUpAfterMs) throw thrown;
      await pause(wait, signal, thrown.retryAfterSeconds === undefined);
    }
  }
}

/** Waits; shorter when the network comes back where `untilReturn`, and not at all when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal, untilReturn = true): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      stop?.();
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, LONGEST_TIMER_MS));
    const stop = untilReturn ? onReturn(end) : undefined;
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}

/** What a request that nobody waits for any more fails with. */
export const timedOut = (ms: number): FowergramError =>
  new FowergramError(`There was no answer within ${ms} ms.`, { code: 'NETWORK', reason: 'TIMEOUT' });
