import { SOCKET_LIMITS } from './socket-limits.config.js';

/** What stays open to one client, a WebSocket or an event stream, as what sends to it and ends it sees it. */
export interface Connection {
  readonly OPEN: number;
  readonly readyState: number;
  /** Bytes that the network has not taken yet. */
  readonly bufferedAmount: number;
  send(data: string, done: () => void): void;
  close(code: number, reason: string): void;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

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

/** How many bytes the connections whose readers are slow have not been rid of; the others hold next to nothing. */
export class WaitingBytes {
  private readonly slow = new Set<Connection>();

  add(connection: Connection): void {
    this.slow.add(connection);
  }

  delete(connection: Connection): void {
    this.slow.delete(connection);
  }

  hasRoomFor(bytes: number): boolean {
    if (this.slow.size === 0) return true;
    let sum = bytes;
    for (const { bufferedAmount } of this.slow) sum += bufferedAmount;
    return sum <= SOCKET_LIMITS.bytesWaitingInAll;
  }
}

/** Sends at the pace of the reader; calls `giveUp` for one that is too slow, or for whom too much waits. */
export async function sendAtPace(
  connection: Connection,
  data: string,
  waiting: WaitingBytes,
  giveUp: () => void,
): Promise<void> {
  if (connection.readyState !== connection.OPEN) return;
  if (connection.bufferedAmount + data.length > SOCKET_LIMITS.bytesWaitingPerSocket) return giveUp();
  if (!waiting.hasRoomFor(data.length)) return giveUp();
  let sent: () => void = () => undefined;
  const whenSent = new Promise<void>((resolve) => (sent = resolve));
  connection.send(data, sent);
  if (connection.bufferedAmount <= SOCKET_LIMITS.bytesBeforeWaiting) return;
  waiting.add(connection);
  const timer = setTimeout(giveUp, SOCKET_LIMITS.slowestReaderMs);
  connection.once('close', sent);
  await whenSent;
  connection.off('close', sent);
  clearTimeout(timer);
  if (connection.bufferedAmount <= SOCKET_LIMITS.bytesBeforeWaiting || connection.readyState !== connection.OPEN)
    waiting.delete(connection);
}
