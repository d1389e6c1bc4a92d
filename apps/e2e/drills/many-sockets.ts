import { on, once } from 'node:events';
import { WebSocket } from 'ws';

/** The bound of one address (docs/limits.md). */
const SOCKETS_OF_AN_ADDRESS = 200;
const BATCH_SIZE = 50;

interface Message {
  type: string;
  id?: string;
  payload?: { errors?: unknown[] };
}

/** Sockets that come from as many addresses as they need, and what became of what they asked for. */
export class ManySockets {
  private readonly opened: WebSocket[] = [];
  private asked = 0;
  /** Subscriptions that were answered with an error. */
  refused = 0;

  constructor(private readonly url: string) {}

  /** Opens that many, and answers those that are still open when all of them were answered. */
  async open(count: number, token?: string): Promise<WebSocket[]> {
    const wanted = Array.from({ length: count }, (_, index) => Math.floor(index / SOCKETS_OF_AN_ADDRESS));
    const sockets: WebSocket[] = [];
    while (wanted.length > 0) {
      const next = wanted.splice(0, BATCH_SIZE).map((address) => this.openOne(`192.0.2.${address}`, token));
      sockets.push(...(await Promise.all(next)));
    }
    return sockets.filter((socket) => socket.readyState === socket.OPEN);
  }

  /** Asks for each text once, on the sockets in turn; all of them have begun or were refused when it is done. */
  async subscribe(sockets: WebSocket[], texts: string[]): Promise<void> {
    for (const [index, text] of texts.entries()) await this.subscribeOnce(sockets[index % sockets.length]!, text);
  }

  async close(): Promise<void> {
    const closing = this.opened.splice(0).filter((socket) => socket.readyState !== socket.CLOSED);
    const closed = closing.map((socket) => once(socket, 'close'));
    for (const socket of closing) socket.terminate();
    await Promise.all(closed);
  }

  private async openOne(address: string, token?: string): Promise<WebSocket> {
    const headers = { 'x-forwarded-for': address };
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
    this.opened.push(socket);
    await once(socket, 'open');
    const payload = token ? { authorization: `Bearer ${token}` } : {};
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await Promise.race([once(socket, 'message'), once(socket, 'close')]);
    return socket;
  }

  /** A query that is asked after a subscription is answered after it. */
  private async subscribeOnce(socket: WebSocket, query: string): Promise<void> {
    const [id, after] = [`subscription-${++this.asked}`, `query-${this.asked}`];
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }));
    socket.send(JSON.stringify({ id: after, type: 'subscribe', payload: { query: '{ me { id } }' } }));
    for await (const [data] of on(socket, 'message', { close: ['close'] }) as AsyncIterable<[Buffer]>) {
      const message = JSON.parse(String(data)) as Message;
      if (message.id === id && (message.type === 'error' || message.payload?.errors)) this.refused++;
      if (message.id === after && message.type !== 'next') return;
    }
  }
}
