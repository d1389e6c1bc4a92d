import type { Server, WebSocket as GraphqlSocket } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import type { Logger } from '@fowergram/service-kit';
import { SOCKET_LIMITS } from './socket-limits.config.js';

/** With what a connection is closed, beside the codes of the protocol itself; clients act on these numbers, so they never change. */
export const CLOSE = {
  goingAway: 1001,
  tryAgainLater: 1013,
  unauthorized: 4401,
  forbidden: 4403,
  /** The reader is too slow: reconnect with the last cursor. */
  slowReader: 4413,
  /** The user has as many sockets as is allowed: close one of them first. */
  tooManySockets: 4430,
  /** Nobody has signed in on it and nothing was asked. */
  idle: 4431,
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

/** How many bytes the sockets whose readers are slow have not been rid of; the others hold next to nothing. */
export class WaitingBytes {
  private readonly slow = new Set<WebSocket>();

  add(socket: WebSocket): void {
    this.slow.add(socket);
  }

  delete(socket: WebSocket): void {
    this.slow.delete(socket);
  }

  hasRoomFor(bytes: number): boolean {
    if (this.slow.size === 0) return true;
    let sum = bytes;
    for (const { bufferedAmount } of this.slow) sum += bufferedAmount;
    return sum <= SOCKET_LIMITS.bytesWaitingInAll;
  }
}

export interface TransportOptions {
  log: Logger;
  /** That of all sockets. */
  waiting: WaitingBytes;
  /** Called when a reader is sent away for being too slow. */
  onSlowReader: () => void;
}

/** Binds a socket to the protocol; keeps what waits to be sent small. */
export function openTransport<E>(
  server: Server<E>,
  socket: WebSocket,
  extra: E,
  { log, waiting, onSlowReader }: TransportOptions,
): void {
  const giveUp = () => {
    if (socket.readyState !== socket.OPEN) return;
    socket.close(CLOSE.slowReader, 'Too slow: reconnect with the last cursor');
    onSlowReader();
  };
  const transport: GraphqlSocket = {
    protocol: socket.protocol,
    send: (data) => send(socket, data, waiting, giveUp),
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

async function send(socket: WebSocket, data: string, waiting: WaitingBytes, giveUp: () => void): Promise<void> {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount + data.length > SOCKET_LIMITS.bytesWaitingPerSocket) return giveUp();
  if (!waiting.hasRoomFor(data.length)) return giveUp();
  let sent: () => void = () => undefined;
  const whenSent = new Promise<void>((resolve) => (sent = resolve));
  socket.send(data, sent);
  if (socket.bufferedAmount <= SOCKET_LIMITS.bytesBeforeWaiting) return;
  waiting.add(socket);
  const timer = setTimeout(giveUp, SOCKET_LIMITS.slowestReaderMs);
  socket.once('close', sent);
  await whenSent;
  socket.off('close', sent);
  clearTimeout(timer);
  if (socket.bufferedAmount <= SOCKET_LIMITS.bytesBeforeWaiting || socket.readyState !== socket.OPEN)
    waiting.delete(socket);
}

function closeAfter(error: unknown, socket: WebSocket, log: Logger): void {
  if (error instanceof CloseSocket) return socket.close(error.code, error.reason);
  log.error({ err: error }, 'message not handled');
  socket.close(CLOSE.internal, 'Internal error');
}
