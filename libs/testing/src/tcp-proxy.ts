import { connect, createServer, type Server, type Socket } from 'node:net';

const POSTGRES_PORT = 5432;

/** A proxy in front of a server, whose connections a test cuts, silences and restores. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;
  private isSilent = false;
  private inSilence = 0;
  private delayMs = 0;
  private dropsNext = false;
  private cutting: { afterBytes: number; to: string } | undefined;

  /** Starts to listen and returns the same URL by way of this proxy. */
  async to(url: string): Promise<string> {
    const target = new URL(url);
    this.server = createServer((client) =>
      this.join(client, connect(Number(target.port || POSTGRES_PORT), target.hostname)),
    );
    await this.restore();
    return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(this.port) }).href;
  }

  /** Ends all connections and refuses new ones. */
  async cut(): Promise<void> {
    if (!this.server?.listening) return;
    const closed = new Promise((resolve) => this.server?.close(resolve));
    this.endConnections();
    await closed;
  }

  /** Loses all bytes in both directions from now on, and lets neither side know. */
  silence(): void {
    this.isSilent = true;
    this.inSilence = 0;
  }

  /** Holds back all bytes in both directions for so long from now on. */
  slow(delayMs: number): void {
    this.delayMs = delayMs;
  }

  /** Loses the next request together with its connection, as when a server closes an idle one at that moment. */
  dropNextRequest(): void {
    this.dropsNext = true;
  }

  /**
   * Lets the next answer come this far and ends its connection; the server has done then what it was asked. With `to` it is the answer
   * to the next request with these words in it.
   */
  cutNextAnswer(afterBytes = 0, to = ''): void {
    this.cutting = { afterBytes, to };
  }

  /** Accepts connections again; those that were silenced end. */
  async restore(): Promise<void> {
    if (this.isSilent) this.endConnections();
    this.isSilent = false;
    this.delayMs = 0;
    if (this.server?.listening) return;
    await new Promise<void>((resolve, reject) =>
      this.server?.once('error', reject).listen(this.port, '127.0.0.1', resolve),
    );
    this.port = (this.server?.address() as { port: number }).port;
  }

  /** How often clients have connected since the line is silent. */
  get connectedInSilence(): number {
    return this.inSilence;
  }

  private join(client: Socket, upstream: Socket): void {
    if (this.isSilent) this.inSilence++;
    let isMeant = false;
    client.on('data', (bytes) => {
      if (this.cutting) isMeant = bytes.includes(this.cutting.to);
      if (this.dropsNext) client.destroy();
      this.dropsNext = false;
    });
    upstream.on('data', (bytes) => {
      if (!this.cutting || (this.cutting.to && !isMeant)) return;
      client.end(bytes.subarray(0, this.cutting.afterBytes), () => client.destroy());
      this.cutting = undefined;
    });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(from);
      from
        .on('error', () => from.destroy())
        .on('data', (bytes) => this.pass(bytes, to))
        .on('close', () => {
          this.sockets.delete(from);
          to.destroy();
        });
    }
  }

  private pass(bytes: Buffer, to: Socket): void {
    if (this.isSilent || to.writableEnded) return;
    if (this.delayMs === 0) return void to.write(bytes);
    setTimeout(() => void (this.isSilent || to.writableEnded || to.write(bytes)), this.delayMs);
  }

  private endConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
