import { shared, uuid } from '../surroundings.js';

/** What another tab mostly needs to see what this one wrote; one that does not yet refreshes once more, which does no harm. */
const SPREAD_MS = 50;

export interface Tokens {
  access: string;
  refresh: string;
}

/** Where the tokens of header mode are kept: the secure storage of a phone, the memory of a script. */
export interface TokenStore {
  get(): Tokens | null | Promise<Tokens | null>;
  set(tokens: Tokens | null): void | Promise<void>;
}

/** How requests show whose they are. */
export interface Credentials {
  /** What changes whenever the session is a new one or was refreshed; null while nobody is signed in. */
  mark(): Promise<string | null>;
  headers(): Promise<Record<string, string>>;
  /** What every request under /auth has. */
  readonly formHeaders: Record<string, string>;
  /** What a refresh shows; null where there is nothing to refresh. */
  refreshHeaders(): Promise<Record<string, string> | null>;
  /** Keeps what an answer brings of a session. */
  keep(headers: Headers): Promise<void>;
  /** Says that a refresh has succeeded. */
  renew(): Promise<void>;
  clear(): Promise<void>;
  /** Calls when another tab has signed in or out; returns what ends that. */
  onElsewhere(listener: (isSignedIn: boolean) => void): () => void;
}

/** The tokens of a script that keeps them nowhere. */
export function memoryTokens(): TokenStore {
  let tokens: Tokens | null = null;
  return { get: () => tokens, set: (next) => void (tokens = next) };
}

/** Two tokens that the app keeps. */
export function headerCredentials(store: TokenStore): Credentials {
  const bearer = (token: string | undefined): Record<string, string> =>
    token ? { authorization: `Bearer ${token}` } : {};
  return {
    formHeaders: { 'st-auth-mode': 'header' },
    mark: async () => (await store.get())?.access ?? null,
    headers: async () => bearer((await store.get())?.access),
    refreshHeaders: async () => {
      const refresh = (await store.get())?.refresh;
      return refresh ? bearer(refresh) : null;
    },
    keep: async (headers) => {
      const [access, refresh] = [headers.get('st-access-token'), headers.get('st-refresh-token')];
      if (!access && !refresh) return;
      const before = await store.get();
      await store.set({ access: access ?? before?.access ?? '', refresh: refresh ?? before?.refresh ?? '' });
    },
    renew: async () => undefined,
    clear: async () => store.set(null),
    onElsewhere: () => () => undefined,
  };
}

/** Cookies that no script can read; all tabs share a mark that says which session it is. */
export function cookieCredentials(url: string): Credentials {
  const key = `fowergram.session ${url}`;
  /** The mark of this tab alone, where the shared one could not be written. */
  let own: string | null = null;
  const mark = () => own ?? shared.get(key);
  const set = (value: string | null) => void (own = shared.set(key, value) ? null : value);
  return {
    formHeaders: { 'st-auth-mode': 'cookie', rid: 'anti-csrf' },
    mark: async () => mark(),
    headers: async () => ({}),
    refreshHeaders: async () => ({ 'st-auth-mode': 'cookie', rid: 'anti-csrf' }),
    keep: async (headers) =>
      void (headers.get('front-token') && headers.get('front-token') !== 'remove' && set(uuid())),
    renew: async () => {
      set(uuid());
      // Tabs in other processes of the browser see it a moment later; whoever refreshes next waits until then.
      await new Promise((resolve) => setTimeout(resolve, SPREAD_MS));
    },
    clear: async () => set(null),
    onElsewhere: (listener) =>
      shared.onChange(key, (now, before) => {
        // A refresh changes the mark, too, and is no news.
        if ((now === null) !== (before === null)) listener(now !== null);
      }),
  };
}
