import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { SocketSpec } from './messages.js';

/** The fields of a like's notification that say which like it was. */
interface LikeFrame {
  notificationReceived: { node: { kind: string; actors: { id: string }[]; post: { id: string } | null } };
}

export interface OpenSocket {
  close(): void;
}

/** Opens a socket and answers once it is subscribed; `onKey` hears what each frame carries. */
export async function openSocket(
  spec: SocketSpec,
  onKey: (key: string) => void,
  onFailure: (error: Error) => void,
): Promise<OpenSocket> {
  if (spec.kind === 'graphql') return openSubscription(spec, onKey, onFailure);
  const socket = new WebSocket(spec.url);
  socket.on('error', onFailure);
  socket.on('message', (data: Buffer) => onKey(data.toString('utf8')));
  await once(socket, 'open');
  return { close: () => socket.close() };
}

async function openSubscription(
  { url, token, query }: Extract<SocketSpec, { kind: 'graphql' }>,
  onKey: (key: string) => void,
  onFailure: (error: Error) => void,
): Promise<OpenSocket> {
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    lazy: false,
    generateID: () => randomUUID(),
    onNonLazyError: (error) => onFailure(asError(error)),
  });
  await new Promise<void>((resolve) => client.on('connected', () => resolve()));
  client.subscribe<LikeFrame>(
    { query },
    {
      next: ({ data, errors }) => {
        if (errors || !data) return onFailure(new Error(`A frame with errors: ${JSON.stringify(errors)}`));
        const { actors, post } = data.notificationReceived.node;
        onKey(`${actors[0]?.id}:${post?.id}`);
      },
      error: (error) => onFailure(asError(error)),
      complete: () => undefined,
    },
  );
  return { close: () => void client.dispose() };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(`A socket failed: ${JSON.stringify(error) ?? String(error)}`);
}
