import type { Server, WebSocket as GraphqlSocket } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import type { Logger } from '@fowergram/service-kit';

/** With what a connection is closed, beside the codes of the protocol itself; clients act on these numbers, so they never change. */
export const CLOSE = {
  goingAway: 1001,
  tryAgainLater: 1013,
  unauthorized: 4401,
  forbidden: 4403,
  /** The reader is too slow: reconnect with the last cursor. */
  slowReader: 4413,
  internal: 4500,
} as const;

/** Thrown while a message is handled, to end the connection with a code that the client can act on. */
export class CloseSocket extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** From here on a sender waits until the reader has taken some. */
const BUFFER_BEFORE_WAITING = 64 * 1_024;
/** What no reader that reads ever leaves unread. */
const BUFFER_LIMIT = 4 * 1_024 * 1_024;
const SLOWEST_MS = 10_000;

export interface TransportOptions {
  log: Logger;
  /** Called when a reader is sent away for being too slow. */
  onSlowReader: () => void;
}

/** Binds a socket to the protocol; keeps what waits to be sent small. */
export function openTransport<E>(
  server: Server<E>,
  socket: WebSocket,
  extra: E,
  { log, onSlowReader }: TransportOptions,
): void {
  const giveUp = () => {
    if (socket.readyState !== socket.OPEN) return;
    socket.close(CLOSE.slowReader, 'Too slow: reconnect with the last cursor');
    onSlowReader();
  };
  const transport: GraphqlSocket = {
    protocol: socket.protocol,
    send: (data) => send(socket, data, giveUp),
    close: (code, reason) => socket.close(code, reason),
    onMessage: (receive) => {
      socket.on('message', (data: RawData) => {
        receive(String(data)).catch((error: unknown) => closeAfter(error, socket, log));
      });
    },
  };
  const closed = server.opened(transport, extra);
  // Frames that break the protocol or are too large: ws has begun to close with the code for it.
  socket.on('error', (error) => log.debug({ err: error }, 'socket failed'));
  socket.once('close', (code, reason) => {
    closed(code, String(reason)).catch((error: unknown) => log.error({ err: error }, 'socket not closed in order'));
  });
}

async function send(socket: WebSocket, data: string, giveUp: () => void): Promise<void> {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount + data.length > BUFFER_LIMIT) return giveUp();
  let sent: () => void = () => undefined;
  const whenSent = new Promise<void>((resolve) => (sent = resolve));
  socket.send(data, sent);
  if (socket.bufferedAmount <= BUFFER_BEFORE_WAITING) return;
  const timer = setTimeout(giveUp, SLOWEST_MS);
  socket.once('close', sent);
  await whenSent;
  socket.off('close', sent);
  clearTimeout(timer);
}

function closeAfter(error: unknown, socket: WebSocket, log: Logger): void {
  if (error instanceof CloseSocket) return socket.close(error.code, error.reason);
  log.error({ err: error }, 'message not handled');
  socket.close(CLOSE.internal, 'Internal error');
}
