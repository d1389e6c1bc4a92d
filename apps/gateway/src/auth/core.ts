const TIMEOUT_MS = 3_000;
const PROBE_TIMEOUT_MS = 1_000;
const PROBE_KEPT_MS = 1_000;

/**
 * Gives calls to the auth core an end, connecting included. The SDK calls it with the global fetch, sets no timeout and takes no
 * fetch of ours, so a core that stalls would hold every sign-in for minutes. Requests to anybody else go out untouched.
 */
export function limitCoreCalls(connectionUri: string): void {
  const origins = new Set(connectionUri.split(';').map((address) => new URL(address).origin));
  const unlimited = globalThis.fetch;
  globalThis.fetch = (target, options) => {
    const isCore = typeof target === 'string' && origins.has(new URL(target).origin) && !options?.signal;
    return unlimited(target, isCore ? { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) } : options);
  };
}

/** Tells an auth core that is down from a token that is bad; an answer holds for a second. */
export class CoreProbe {
  private last: { at: number; answer: Promise<boolean> } | undefined;

  constructor(private readonly connectionUri: string) {}

  isReachable(): Promise<boolean> {
    if (!this.last || Date.now() - this.last.at > PROBE_KEPT_MS) this.last = { at: Date.now(), answer: this.probe() };
    return this.last.answer;
  }

  private async probe(): Promise<boolean> {
    const answers = await Promise.all(
      this.connectionUri.split(';').map((address) =>
        fetch(`${address.replace(/\/$/, '')}/.well-known/jwks.json`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).then(
          (answer) => answer.ok,
          () => false,
        ),
      ),
    );
    return answers.some(Boolean);
  }
}
