import type { NatsConnectionImpl } from '@nats-io/nats-core/internal';
import { createInbox, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { onViolation } from '../connection.js';

interface Waiting {
  subject: string;
  resolve: (reply: Msg) => void;
  reject: (cause: Error) => void;
  timer: NodeJS.Timeout;
}

export interface RequestOptions {
  /** Milliseconds until nobody waits for the reply. */
  timeout: number;
  headers?: MsgHdrs;
}

/**
 * Sends requests whose replies arrive over one subscription. The client's own `request` makes five promises and, for every reply, an
 * error that nobody reads (ADR 1).
 */
export class RequestInbox {
  private readonly waiting = new Map<string, Waiting>();
  private readonly prefix: string;
  private sent = 0;

  constructor(private readonly nats: NatsConnection) {
    this.prefix = `${createInbox((nats as NatsConnectionImpl).options.inboxPrefix)}.`;
    nats.subscribe(`${this.prefix}*`, {
      callback: (error, reply) => {
        if (!error) this.receive(reply);
      },
    });
    onViolation(nats, (violation) => {
      if (violation.operation === 'publish') this.rejectAll(violation, violation.subject);
    });
    void nats.closed().then(() => this.rejectAll(new Error('The connection is closed.')));
  }

  /** The reply to a request; rejects when nobody serves the subject or it is forbidden, when the time is over and when the connection closes. */
  request(subject: string, payload: Uint8Array, { timeout, headers }: RequestOptions): Promise<Msg> {
    const token = (this.sent++).toString(36);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.take(token)?.reject(new Error(`No reply in ${timeout} ms.`)), timeout);
      this.waiting.set(token, { subject, resolve, reject, timer });
      try {
        this.nats.publish(subject, payload, { reply: this.prefix + token, headers });
      } catch (error) {
        this.take(token)?.reject(error as Error);
      }
    });
  }

  private receive(reply: Msg): void {
    const request = this.take(reply.subject.slice(this.prefix.length));
    if (reply.headers?.code === 503 && reply.data.length === 0)
      request?.reject(new Error('Nobody serves this subject.'));
    else request?.resolve(reply);
  }

  /** Ends all requests, or those to one subject: what is forbidden is so for each of them. */
  private rejectAll(cause: Error, only?: string): void {
    for (const [token, { subject }] of [...this.waiting])
      if (only === undefined || only === subject) this.take(token)?.reject(cause);
  }

  private take(token: string): Waiting | undefined {
    const request = this.waiting.get(token);
    if (!request) return undefined;
    this.waiting.delete(token);
    clearTimeout(request.timer);
    return request;
  }
}
