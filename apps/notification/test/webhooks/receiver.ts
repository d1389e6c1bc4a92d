import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a receiver got. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** How a receiver answers; by default with 204. */
export type Answering = (received: Received, response: ServerResponse) => void;

/** The server of somebody who has webhooks. */
export class Receiver {
  readonly received: Received[] = [];
  answering: Answering = (_received, response) => void response.writeHead(204).end();
  private readonly server = createServer((request, response) => void this.receive(request, response));

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  urlOf(path = '/'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** What came to one path. */
  at(path: string): Received[] {
    return this.received.filter((received) => received.path === path);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const received = { path: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() };
    this.received.push(received);
    this.answering(received, response);
  }
}
