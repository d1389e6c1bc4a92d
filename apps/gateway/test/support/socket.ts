import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import type { TestUser, World } from './world.js';

export interface SocketError {
  message: string;
  path?: (string | number)[];
  extensions?: { code: string; path?: (string | number)[]; reason?: string; retryAfterSeconds?: number };
}

/** What one operation has brought so far. */
export interface Received {
  // Whatever the query asked for: tests read into it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any[];
  errors: SocketError[];
  /** Resolves when the operation is over. */
  ended: Promise<void>;
  stop: () => void;
}

export interface TestSocket {
  client: Client;
  /** The code and reason with which the connection was closed. */
  closed: Promise<{ code: number; reason: string }>;
  subscribe: (query: string, variables?: Record<string, unknown>) => Received;
  run: (query: string, variables?: Record<string, unknown>, extensions?: Record<string, unknown>) => Promise<Received>;
  close: () => Promise<void>;
}

/** A client of the protocol as apps use it, that does not reconnect by itself. */
export async function connect(
  world: Pick<World, 'url'>,
  as?: Pick<TestUser, 'token'>,
  options: { headers?: Record<string, string>; params?: Record<string, unknown> } = {},
): Promise<TestSocket> {
  class Socket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { headers: options.headers ?? {} });
    }
  }
  let onClosed: (event: { code: number; reason: string }) => void = () => undefined;
  const closed = new Promise<{ code: number; reason: string }>((resolve) => (onClosed = resolve));
  const client = createClient({
    url: `${world.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: Socket,
    connectionParams: options.params ?? (as ? { authorization: `Bearer ${as.token}` } : {}),
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => undefined,
    on: { closed: (event) => onClosed(event as { code: number; reason: string }) },
  });

  const subscribe = (
    query: string,
    variables: Record<string, unknown> = {},
    extensions?: Record<string, unknown>,
  ): Received => {
    const received: Received = { data: [], errors: [], ended: Promise.resolve(), stop: () => undefined };
    received.ended = new Promise((resolve) => {
      received.stop = client.subscribe(
        { query, variables, ...(extensions && { extensions }) },
        {
          next: ({ data, errors }) => {
            received.data.push(data);
            if (errors) received.errors.push(...(errors as unknown as SocketError[]));
          },
          error: (error) => {
            if (Array.isArray(error)) received.errors.push(...(error as SocketError[]));
            resolve();
          },
          complete: resolve,
        },
      );
    });
    return received;
  };

  return {
    client,
    closed,
    subscribe,
    run: async (query, variables, extensions) => {
      const received = subscribe(query, variables, extensions);
      await received.ended;
      return received;
    },
    close: async () => {
      await client.dispose();
    },
  };
}
