import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Answer } from './answer.js';
import type { FuzzCase, Operation } from './fuzz-case.js';

const TIMEOUT_MS = 20_000;

interface Message {
  id?: string;
  type: string;
}

/** Sends operations over one socket of the protocol, one after the other, and opens a new one where the server has closed it. */
export class FuzzSocket {
  private socket: WebSocket | undefined;
  private nextId = 0;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly isSignedIn: boolean,
  ) {}

  async send({ operation }: FuzzCase): Promise<Answer> {
    const socket = await this.open();
    const id = String(this.nextId++);
    const answer = this.answerTo(socket, id, isSubscription(operation));
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: operation }));
    // What is asked after a subscription is answered when the subscription has begun or failed.
    if (isSubscription(operation))
      socket.send(JSON.stringify({ id: `${id}-after`, type: 'subscribe', payload: { query: '{ __typename }' } }));
    return answer;
  }

  close(): void {
    this.socket?.terminate();
  }

  private answerTo(socket: WebSocket, id: string, isStream: boolean): Promise<Answer> {
    const answer: Answer = { texts: [] };
    return new Promise((resolve) => {
      const timer = setTimeout(() => end({ isMissing: true }), TIMEOUT_MS);
      const end = (more: Partial<Answer> = {}) => {
        clearTimeout(timer);
        socket.off('message', receive).off('close', closed);
        resolve({ ...answer, ...more });
      };
      const closed = (code: number) => end({ closedWith: code });
      const receive = (data: Buffer) => {
        const text = String(data);
        const message = JSON.parse(text) as Message;
        answer.texts.push(text);
        if (message.id === id && ['complete', 'error'].includes(message.type) && !isStream) end();
        if (message.id !== `${id}-after` || message.type !== 'complete') return;
        socket.send(JSON.stringify({ id, type: 'complete' }));
        end();
      };
      socket.on('message', receive).on('close', closed);
    });
  }

  private async open(): Promise<WebSocket> {
    if (this.socket?.readyState === WebSocket.OPEN) return this.socket;
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    socket.on('error', () => undefined);
    this.socket = socket;
    await once(socket, 'open');
    const payload = this.isSignedIn ? { authorization: `Bearer ${this.token}` } : {};
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await once(socket, 'message');
    return socket;
  }
}

const isSubscription = ({ query }: Operation) => typeof query === 'string' && query.includes('subscription');
