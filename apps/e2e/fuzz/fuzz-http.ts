import { Agent, request } from 'node:http';
import type { Answer } from './answer.js';
import type { FuzzCase } from './fuzz-case.js';

const TIMEOUT_MS = 20_000;

/** Sends cases over HTTP as they are: a client of comfort would refuse half of them. */
export class FuzzHttp {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  send({ isSignedIn, operation, raw }: FuzzCase): Promise<Answer> {
    const {
      method = 'POST',
      path = '/graphql',
      headers,
      body,
    } = raw ?? {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(operation),
    };
    const session = isSignedIn ? { authorization: `Bearer ${this.token}` } : {};
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const sent = request(
        { agent: this.agent, hostname, port, method, path, headers: { ...session, ...headers }, timeout: TIMEOUT_MS },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode!, texts: [Buffer.concat(chunks).toString('utf8')] }),
          );
        },
      );
      sent.on('timeout', () => {
        sent.destroy();
        resolve({ texts: [], isMissing: true });
      });
      // A body that is refused while it is sent ends in a reset; the answer has come before, or the next case shows that all is well.
      sent.on('error', (error: NodeJS.ErrnoException) =>
        ['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? resolve({ texts: [] }) : reject(error),
      );
      if (body !== undefined) sent.setHeader('content-length', Buffer.byteLength(body));
      sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
