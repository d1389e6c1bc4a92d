import type { Client } from 'graphql-ws';
import type { GraphqlFailure } from './app-client.js';

export interface Subscription<T> {
  /** Everything received so far, oldest first. */
  received: T[];
  errors: GraphqlFailure[];
  /** The socket's close code once it is closed. */
  closedWith?: number;
  stop(): void;
}

/** Starts a subscription and collects what comes. */
export function subscribe<T>(socket: Client, query: string, variables: Record<string, unknown> = {}): Subscription<T> {
  const subscription: Subscription<T> = { received: [], errors: [], stop: () => undefined };
  subscription.stop = socket.subscribe<T>(
    { query, variables },
    {
      next: ({ data, errors }) => {
        if (errors) subscription.errors.push(...(errors as unknown as GraphqlFailure[]));
        if (data) subscription.received.push(data);
      },
      error: (error) => {
        if (Array.isArray(error)) subscription.errors.push(...(error as unknown as GraphqlFailure[]));
        else subscription.closedWith = (error as { code?: number }).code ?? 0;
      },
      complete: () => undefined,
    },
  );
  return subscription;
}
