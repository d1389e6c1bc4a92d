import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testVariable } from '@fowergram/testing';

const JWKS = '/.well-known/jwks.json';

/** Stands between a gateway and the auth core, counts what goes by, and lets a test be the network. */
export class CoreProxy {
  private readonly received: { path: string; url: string; body: string }[] = [];
  private losing: string | undefined;
  private dropping: string | undefined;
  private readonly given = new Map<string, { status: number; text: string }>();
  private held: { path: string; arrive: () => void; whenLetGo: Promise<void> } | undefined;
  /** Public keys that the core has from now on, as far as anybody can see. */
  readonly extraKeys: object[] = [];
  private readonly target = new URL(testVariable('TEST_SUPERTOKENS_CONNECTION_URI'));
  private readonly server = createServer((request, response) => void this.receive(request, response));

  static async open(): Promise<CoreProxy> {
    const proxy = new CoreProxy();
    // A connection that is closed while a call is on its way would be a lost answer that no test has asked for.
    proxy.server.keepAliveTimeout = 0;
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.target.pathname.replace(/\/$/, '')}`;
  }

  /** The calls since the last clear, or those to one path. */
  calls(path?: string): string[] {
    return this.received.map((each) => each.path).filter((each) => path === undefined || each.endsWith(path));
  }

  /** What the calls to one path since the last clear had for a body. */
  bodiesOf<T>(path: string): T[] {
    return this.received.filter((each) => each.path.endsWith(path)).map(({ body }) => JSON.parse(body) as T);
  }

  /** Everything that came since the last clear, as it was written. */
  seen(): string {
    return this.received.map(({ url, body }) => `${url} ${body}`).join('\n');
  }

  keyFetches(): number {
    return this.calls(JWKS).length;
  }

  clearCalls(): void {
    this.received.length = 0;
  }

  /** The core does the next call to this path, and its answer gets lost. */
  loseNextAnswer(path: string): void {
    this.losing = path;
  }

  /** The next call to this path gets lost before the core has it. */
  loseNextCall(path: string): void {
    this.dropping = path;
  }

  /** The next call to this path stays here until it is let go. */
  holdNextCall(path: string): { arrived: Promise<void>; letGo: () => void } {
    let [arrive, letGo]: (() => void)[] = [];
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const whenLetGo = new Promise<void>((resolve) => (letGo = resolve));
    this.held = { path, arrive: arrive!, whenLetGo };
    return { arrived, letGo: letGo! };
  }

  /** Calls to paths that end like this are answered here from now on; all of them, where the end is empty. */
  answerItself(path: string, status: number, text: string): void {
    this.given.set(path, { status, text });
  }

  /** Everything goes to the core again. */
  answerNothingItself(): void {
    this.given.clear();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.split('?', 1)[0]!;
    const record = { path, url: request.url!, body: '' };
    this.received.push(record);
    request.on('data', (chunk: Buffer) => (record.body += String(chunk)));
    request.pause();
    if (this.dropping !== undefined && path.endsWith(this.dropping)) {
      this.dropping = undefined;
      return void response.destroy();
    }
    const [, own] = [...this.given].find(([end]) => path.endsWith(end)) ?? [];
    if (own) return void response.writeHead(own.status, { 'content-type': 'text/html' }).end(own.text);
    if (this.held && path.endsWith(this.held.path)) {
      const { arrive, whenLetGo } = this.held;
      this.held = undefined;
      arrive();
      await whenLetGo;
    }
    this.forward(path, request, response);
  }

  private forward(path: string, request: IncomingMessage, response: ServerResponse): void {
    const { hostname, port } = this.target;
    const call = send(
      {
        hostname,
        port,
        method: request.method,
        path: request.url,
        headers: { ...request.headers, host: `${hostname}:${port}` },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => this.answer(path, answer, Buffer.concat(chunks), response));
      },
    );
    call.on('error', () => response.destroy());
    request.pipe(call);
  }

  private answer(
    path: string,
    { statusCode, headers }: IncomingMessage,
    given: Buffer,
    response: ServerResponse,
  ): void {
    if (this.losing !== undefined && path.endsWith(this.losing)) {
      this.losing = undefined;
      return void response.destroy();
    }
    const body = path.endsWith(JWKS) ? this.withExtraKeys(given) : given;
    const { 'transfer-encoding': _encoding, ...rest } = headers;
    response.writeHead(statusCode!, { ...rest, 'content-length': body.length }).end(body);
  }

  private withExtraKeys(body: Buffer): Buffer {
    const { keys } = JSON.parse(String(body)) as { keys: object[] };
    return Buffer.from(JSON.stringify({ keys: [...this.extraKeys, ...keys] }));
  }
}
