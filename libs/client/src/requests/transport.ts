import { asError, jsonOf, throwIfAborted } from '../errors.js';
import { timedOut } from './attempts.js';

export interface Request {
  headers: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** An answer that has arrived as a whole. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

export interface TransportOptions {
  url: string;
  fetch: typeof fetch;
  /** Whether the browser sends its cookies along. */
  withCookies: boolean;
  timeoutMs: number;
}

/** Sends one POST and reads its answer to the end; a connection that breaks before or in the middle is a failure. */
export class Transport {
  constructor(private readonly options: TransportOptions) {}

  async post(path: string, { headers, body, signal }: Request): Promise<Answer> {
    throwIfAborted(signal);
    const { url, fetch, withCookies, timeoutMs } = this.options;
    const content = body === undefined ? undefined : jsonOf(body);
    // AbortSignal.any and .timeout are missing in React Native.
    const ending = new AbortController();
    const abort = () => ending.abort();
    const timer = setTimeout(abort, timeoutMs);
    signal?.addEventListener('abort', abort);
    try {
      const response = await fetch(url + path, {
        method: 'POST',
        credentials: withCookies ? 'include' : 'omit',
        headers: content === undefined ? headers : { 'content-type': 'application/json', ...headers },
        ...(content === undefined ? {} : { body: content }),
        signal: ending.signal,
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (thrown) {
      throwIfAborted(signal);
      throw ending.signal.aborted ? timedOut(timeoutMs) : asError(thrown);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }
}
