import { createInbox, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';

interface Waiting {
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
  private readonly prefix = `${createInbox()}.`;
  private sent = 0;

  constructor(private readonly nats: NatsConnection) {
    nats.subscribe(`${this.prefix}*`, {
      callback: (error, reply) => {
        if (!error) this.receive(reply);
      },
    });
    void nats.closed().then(() => this.rejectAll());
  }

  /** The reply to a request; rejects when nobody serves the subject, when the time is over and when the connection closes. */
  request(subject: string, payload: Uint8Array, { timeout, headers }: RequestOptions): Promise<Msg> {
    const token = (this.sent++).toString(36);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.take(token)?.reject(new Error(`No reply in ${timeout} ms.`)), timeout);
      this.waiting.set(token, { resolve, reject, timer });
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

  private rejectAll(): void {
    for (const token of [...this.waiting.keys()]) this.take(token)?.reject(new Error('The connection is closed.'));
  }

  private take(token: string): Waiting | undefined {
    const request = this.waiting.get(token);
    if (!request) return undefined;
    this.waiting.delete(token);
    clearTimeout(request.timer);
    return request;
  }
}
