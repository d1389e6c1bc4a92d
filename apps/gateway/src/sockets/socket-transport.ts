import { CloseCode, type Server, type WebSocket as GraphqlSocket } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import type { Logger } from '@fowergram/service-kit';
import { repeatsKey } from '../http/json-body.js';
import { CLOSE, CloseSocket, sendAtPace, type WaitingBytes } from './connection.js';

export interface TransportOptions {
  log: Logger;
  /** That of all connections. */
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
    send: (data) => sendAtPace(socket, data, waiting, giveUp),
    close: (code, reason) => socket.close(code, reason),
    onMessage: (receive) => {
      socket.on('message', (data: RawData) => {
        const text = String(data);
        if (isAmbiguous(text)) return socket.close(CloseCode.BadRequest, 'A key stands twice in an object of the JSON');
        receive(text).catch((error: unknown) => closeAfter(error, socket, log));
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

/** What is no JSON is refused by the protocol. */
function isAmbiguous(text: string): boolean {
  try {
    return repeatsKey(text, JSON.parse(text));
  } catch {
    return false;
  }
}

function closeAfter(error: unknown, socket: WebSocket, log: Logger): void {
  if (error instanceof CloseSocket) return socket.close(error.code, error.reason);
  log.error({ err: error }, 'message not handled');
  socket.close(CLOSE.internal, 'Internal error');
}
