import { type Client, createClient } from 'graphql-ws';
import type { Session } from '../session/session.js';
import { onReturn, uuid } from '../surroundings.js';

const PING_EVERY_MS = 15_000;
/** How long a connection may be silent when it is asked whether it lives. */
const PONG_WITHIN_MS = 5_000;
const OPEN_WITHIN_MS = 10_000;
/** The next subscription finds the socket of the last one. */
const CLOSE_UNUSED_AFTER_MS = 1_000;

interface OpenSocket {
  readyState: number;
  send(data: string): void;
}

/** Where the events of a subscription go, and its end. */
export interface SocketSink<Data> {
  next(event: { data?: Data | null; errors?: readonly unknown[] }): void;
  error(error: unknown): void;
  complete(): void;
}

/** The one socket of a client, for all its subscriptions; it is opened when there is one. */
export class Socket {
  /** The mark of the session that the socket was opened with. */
  mark: string | null = null;
  private readonly client: Client;
  private open: OpenSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly stopListening: () => void;

  constructor(url: string, session: Session, webSocket: unknown) {
    this.client = createClient({
      url: `${url.replace(/^http/, 'ws')}/graphql`,
      ...(webSocket ? { webSocketImpl: webSocket } : {}),
      connectionParams: async () => {
        const { mark, headers } = await session.shown();
        this.mark = mark;
        return headers;
      },
      // Each subscription goes on by itself, from its own cursor.
      retryAttempts: 0,
      keepAlive: PING_EVERY_MS,
      lazyCloseTimeout: CLOSE_UNUSED_AFTER_MS,
      generateID: uuid,
      on: {
        connecting: () => this.expectWithin(OPEN_WITHIN_MS),
        opened: (socket) => (this.open = socket as OpenSocket),
        connected: () => this.arrived(),
        ping: (isTheirs) => void (!isTheirs && this.expectWithin(PONG_WITHIN_MS)),
        message: () => this.arrived(),
        closed: () => this.closed(),
        error: () => this.closed(),
      },
    });
    this.stopListening = onReturn(() => this.check());
  }

  /** Starts a subscription; returns what ends it. */
  subscribe<Data>(query: string, variables: Record<string, unknown>, sink: SocketSink<Data>): () => void {
    return this.client.subscribe<Data>({ query, variables }, sink);
  }

  /** Asks at once whether the connection still lives, as after a sleep or a change of the network. */
  check(): void {
    if (this.open?.readyState !== 1) return;
    this.open.send('{"type":"ping"}');
    this.expectWithin(PONG_WITHIN_MS);
  }

  async close(): Promise<void> {
    this.stopListening();
    clearTimeout(this.timer);
    await this.client.dispose();
  }

  /** A connection that is silent for longer is none: its subscriptions begin anew on another. */
  private expectWithin(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.client.terminate(), ms);
  }

  private arrived(): void {
    clearTimeout(this.timer);
  }

  private closed(): void {
    clearTimeout(this.timer);
    this.open = undefined;
  }
}
