import { withLease } from './lease.js';

/** What a browser may have and Node and React Native have not, by the little that is used of it. */
interface Surroundings {
  document?: { visibilityState?: string; addEventListener?: Listen; removeEventListener?: Listen };
  addEventListener?: Listen;
  removeEventListener?: Listen;
  localStorage?: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
  };
  performance?: { now(): number };
  navigator?: { locks?: { request<T>(name: string, options: object, run: () => Promise<T>): Promise<T> } };
  crypto?: { randomUUID?: () => string; getRandomValues?: (bytes: Uint8Array) => Uint8Array };
}
type Listen = (event: string, listener: (event: StorageChange) => void) => void;
interface StorageChange {
  key?: string | null;
  newValue?: string | null;
  oldValue?: string | null;
}

const here = globalThis as unknown as Surroundings;

/** Says whether this is a page in a browser; a look at its storage would throw where the browser forbids it. */
export const isPage = (): boolean => here.document !== undefined;

/** Milliseconds that pass whatever happens to the clock, where the platform has such a thing. */
export const passedMs = (): number => here.performance?.now() ?? Date.now();

/** A random UUID, also where a page is not served securely and in React Native. */
export function uuid(): string {
  if (here.crypto?.randomUUID) return here.crypto.randomUUID();
  const bytes = new Uint8Array(16);
  if (here.crypto?.getRandomValues) here.crypto.getRandomValues(bytes);
  else bytes.forEach((_, index) => (bytes[index] = Math.random() * 256));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const locked = new Map<string, Promise<unknown>>();

/** Runs one at a time under a name, in all tabs of a browser; those of a page without Web Locks, as over plain HTTP, share a lease. */
export function oneAtATime<T>(name: string, run: () => Promise<T>): Promise<T> {
  if (here.navigator?.locks) return here.navigator.locks.request(name, {}, run);
  const runHere = isPage() ? () => withLease(shared, name, run) : run;
  const mine = (locked.get(name) ?? Promise.resolve()).then(runHere, runHere);
  const done = mine.catch(() => undefined).then(() => void (locked.get(name) === done && locked.delete(name)));
  locked.set(name, done);
  return mine;
}

/** Calls when the network may be back: the browser says so, or its page is shown again. Returns what ends that. */
export function onReturn(listener: () => void): () => void {
  const shown = () => void (here.document?.visibilityState === 'visible' && listener());
  here.addEventListener?.('online', listener);
  here.document?.addEventListener?.('visibilitychange', shown);
  return () => {
    here.removeEventListener?.('online', listener);
    here.document?.removeEventListener?.('visibilitychange', shown);
  };
}

/** What all tabs of this page share, or nothing where there is no such thing or it is full. */
export const shared = {
  get(key: string): string | null {
    try {
      return here.localStorage?.getItem(key) ?? null;
    } catch {
      return null;
    }
  },
  /** Answers whether it was taken. */
  set(key: string, value: string | null): boolean {
    try {
      if (value === null) here.localStorage?.removeItem(key);
      else here.localStorage?.setItem(key, value);
      return here.localStorage !== undefined;
    } catch {
      return false;
    }
  },
  /** Calls when another tab has changed a value; returns what ends that. */
  onChange(key: string, listener: (now: string | null, before: string | null) => void): () => void {
    const changed = (event: StorageChange) =>
      void (event.key === key && listener(event.newValue ?? null, event.oldValue ?? null));
    here.addEventListener?.('storage', changed);
    return () => here.removeEventListener?.('storage', changed);
  },
  /** Calls when this page goes away; returns what ends that. */
  onGone(listener: () => void): () => void {
    here.addEventListener?.('pagehide', listener);
    return () => here.removeEventListener?.('pagehide', listener);
  },
};
