import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  status: number;
  etag: string | undefined;
  body: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One kept-alive connection with one request in flight. It understands just as much HTTP as the servers under test send, so
 * that the load generator takes little of the cores that it shares with them.
 */
export class HttpConnection {
  private received: Buffer | undefined;
  private waiting: { resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void } | undefined;
  private failure: Error | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('The server closed the connection.')));
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    return new HttpConnection(socket);
  }

  send(request: Uint8Array): Promise<HttpAnswer> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.failure ??= new Error('This connection has been closed.');
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    this.received = this.received ? Buffer.concat([this.received, chunk]) : chunk;
    const headEnd = this.received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const status = Number(head.slice(9, 12));
    const length = status === 304 ? '0' : /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) return this.fail(new Error(`An answer without content-length:\n${head}`));
    const bodyStart = headEnd + HEAD_END.length;
    const bodyEnd = bodyStart + Number(length);
    if (this.received.length < bodyEnd) return;
    const answer = {
      status,
      etag: /\r\netag: *([^\r]+)/i.exec(head)?.[1],
      body: this.received.subarray(bodyStart, bodyEnd),
    };
    this.received = undefined;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(answer);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.socket.destroy();
    this.waiting?.reject(this.failure);
    this.waiting = undefined;
  }
}

/** The bytes of a request without a body. */
export const getBytes = (path: string, headers: Record<string, string>): Buffer =>
  Buffer.from(
    `GET ${path} HTTP/1.1\r\n${Object.entries({ host: '127.0.0.1', accept: 'application/json', ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
  );

/** The bytes of a JSON request. */
export function requestBytes({
  path,
  body,
  headers = {},
}: {
  path: string;
  body: object;
  headers?: Record<string, string>;
}): Buffer {
  const json = Buffer.from(JSON.stringify(body));
  const lines = Object.entries({
    host: '127.0.0.1',
    'content-type': 'application/json',
    accept: 'application/json',
    ...headers,
    'content-length': String(json.length),
  });
  return Buffer.concat([
    Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`),
    json,
  ]);
}

/** The answer to one request, over a connection of its own. */
export async function askOnce(port: number, request: Uint8Array): Promise<HttpAnswer> {
  const connection = await HttpConnection.open(port);
  try {
    return await connection.send(request);
  } finally {
    connection.close();
  }
}
