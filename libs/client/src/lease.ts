/** What a lease is written to; `set` answers whether it was taken. */
export interface LeaseStore {
  get(key: string): string | null;
  set(key: string, value: string | null): boolean;
  /** Calls when this tab goes away; returns what ends that. */
  onGone(listener: () => void): () => void;
}

export interface LeaseRules {
  /** Longer than a tab needs to see what another one wrote. */
  settleMs: number;
  renewMs: number;
  /** A lease that does not change for as long is that of a tab that is gone. */
  abandonedMs: number;
}

const RULES: LeaseRules = { settleMs: 50, renewMs: 1_000, abandonedMs: 10_000 };
let leases = 0;

/**
 * Runs while this tab has the lease of that name, for browsers without Web Locks. No clock is compared: a lease is alive while it
 * changes. Where nothing can be stored, it runs at once.
 */
export async function withLease<T>(store: LeaseStore, name: string, run: () => Promise<T>, rules = RULES): Promise<T> {
  const key = `${name} lease`;
  const mine = `${Math.random()}.${leases++}`;
  const isMine = () => store.get(key)?.startsWith(`${mine} `) === true;
  if (!(await take(store, key, mine, isMine, rules))) return run();
  const release = () => void (isMine() && store.set(key, null));
  const stopListening = store.onGone(release);
  let renewals = 0;
  const timer = setInterval(() => isMine() && store.set(key, `${mine} ${++renewals}`), rules.renewMs);
  try {
    return await run();
  } finally {
    clearInterval(timer);
    stopListening();
    release();
  }
}

/** Waits for the lease; answers false where it cannot be written. */
async function take(
  store: LeaseStore,
  key: string,
  mine: string,
  isMine: () => boolean,
  { settleMs, abandonedMs }: LeaseRules,
): Promise<boolean> {
  let [seen, unchangedMs] = [store.get(key), 0];
  for (;;) {
    if (seen === null || unchangedMs >= abandonedMs) {
      if (!store.set(key, `${mine} 0`)) return false;
      await wait(settleMs);
      if (isMine()) return true;
    }
    const waitedMs = settleMs * (0.5 + Math.random());
    await wait(waitedMs);
    const now = store.get(key);
    unchangedMs = now === seen ? unchangedMs + waitedMs : 0;
    seen = now;
  }
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
