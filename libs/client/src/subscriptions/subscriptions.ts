import type { Document } from '../document.js';
import { asError, FowergramError } from '../errors.js';
import { type AttemptRules, delayMs, pause } from '../requests/attempts.js';
import type { Session } from '../session/session.js';
import { breakOf, needsRefresh } from './breaks.js';
import { Buffer } from './buffer.js';
import { Socket } from './socket.js';

/** Events that wait for a slow reader at most, before the server is asked for the rest later. */
const BUFFERED = 500;
const AGAIN = 'AGAIN';

export interface SubscribeOptions<Data> {
  signal?: AbortSignal | undefined;
  /** The cursor of an event, from which to go on after a break; it becomes the variable `after`. */
  cursorOf?: (data: Data) => string | undefined;
  /**
   * All that there is, oldest first, for a subscription that begins where nothing is that could have a cursor: what comes with the
   * first event, or during a break before it, is read from here.
   */
  all?: () => Promise<Data[]>;
}

export interface SubscriptionParts {
  url: string;
  session: Session;
  attempts: AttemptRules;
  webSocket?: unknown;
}

/** Subscriptions that go on after any break. */
export class Subscriptions {
  private socket: Socket | undefined;
  private readonly closing = new AbortController();

  constructor(private readonly parts: SubscriptionParts) {}

  /** What a subscription sends, until it completes, the signal aborts, or it cannot go on. */
  async *subscribe<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables: Variables,
    { signal, cursorOf, all }: SubscribeOptions<Data> = {},
  ): AsyncGenerator<Data, void> {
    this.requireWebSocket();
    const { signal: ending } = this.closing;
    let cursor: string | undefined;
    let hasBegun = false;
    for (let failures = 0; !signal?.aborted && !ending.aborted; failures++) {
      try {
        if (all && hasBegun && cursor === undefined)
          for (const data of await all()) {
            cursor = cursorOf?.(data);
            yield data;
          }
        hasBegun = true;
        const from = cursor === undefined ? variables : { ...variables, after: cursor };
        for await (const data of this.events(document, from, signal)) {
          if (all && cursor === undefined) throw again();
          failures = 0;
          cursor = cursorOf?.(data) ?? cursor;
          yield data;
        }
        return;
      } catch (thrown) {
        await this.afterBreak(breakOf(thrown), failures, signal ?? ending);
      }
    }
  }

  /** Throws NO_WEBSOCKET where nothing can be heard: no wait would change that. */
  requireWebSocket(): void {
    if (this.parts.webSocket ?? globalThis.WebSocket) return;
    throw new FowergramError('There is no WebSocket here: give one as `webSocket`, such as that of the package ws.', {
      code: 'NO_WEBSOCKET',
    });
  }

  /** Asks at once whether the connection still lives. */
  check(): void {
    this.socket?.check();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.socket?.close();
  }

  /** The events of one connection. */
  private async *events<Data>(
    document: Document<Data, never>,
    variables: object,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Data> {
    const { url, session, webSocket } = this.parts;
    this.socket ??= new Socket(url, session, webSocket);
    const buffer = new Buffer<Data>(BUFFERED);
    const stop = this.socket.subscribe<Data>(document.toString(), variables as Record<string, unknown>, {
      next: ({ data, errors }) => {
        if (errors && errors.length > 0) buffer.finish(breakOf(errors));
        else if (data && !buffer.push(data)) buffer.finish(again());
      },
      error: (error) => buffer.finish(breakOf(error)),
      complete: () => buffer.finish(),
    });
    const end = () => buffer.finish();
    const ends = [signal, this.closing.signal];
    for (const each of ends) each?.addEventListener('abort', end);
    try {
      yield* buffer;
    } finally {
      for (const each of ends) each?.removeEventListener('abort', end);
      stop();
    }
  }

  /** Waits until the subscription may begin again; throws where it may not. */
  private async afterBreak(error: FowergramError, failures: number, signal: AbortSignal): Promise<void> {
    const { session, attempts } = this.parts;
    if (error.reason === AGAIN) return;
    const failed = needsRefresh(error) ? await this.refreshed(session) : error;
    if (failed && !failed.retryable) throw failed;
    if (failed || failures > 0) await pause(delayMs(failures, attempts, failed?.retryAfterSeconds), signal);
  }

  /** Refreshes the session of the socket; answers what failed. */
  private async refreshed(session: Session): Promise<FowergramError | undefined> {
    try {
      if (await session.refresh(this.socket?.mark ?? null)) return undefined;
    } catch (thrown) {
      return asError(thrown);
    }
    return new FowergramError('Nobody is signed in any more.', { code: 'UNAUTHENTICATED' });
  }
}

/** Ends a connection so that another begins at once after the last event that was read. */
const again = () => new FowergramError('The subscription begins again.', { code: 'NETWORK', reason: AGAIN });
