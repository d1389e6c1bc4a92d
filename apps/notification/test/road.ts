import { connect, createServer, type Server, type Socket } from 'node:net';

/** A road to a server that a test can cut and mend. */
export class Road {
  private readonly sockets = new Set<Socket>();
  private server: Server;
  private port = 0;

  /** Returns the same URL by way of this road. */
  async to(url: string): Promise<string> {
    const { hostname, port } = new URL(url);
    this.server = createServer((client) => {
      const upstream = connect(Number(port), hostname);
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.sockets.add(socket);
        socket
          .on('error', () => socket.destroy())
          .on('close', () => {
            this.sockets.delete(socket);
            other.destroy();
          });
        socket.pipe(other);
      }
    });
    await this.mend();
    const detour = new URL(url);
    detour.hostname = '127.0.0.1';
    detour.port = String(this.port);
    return detour.href;
  }

  async cut(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async mend(): Promise<void> {
    if (this.server.listening) return;
    await new Promise<void>((resolve, reject) =>
      this.server.once('error', reject).listen(this.port, '127.0.0.1', resolve),
    );
    this.port = (this.server.address() as { port: number }).port;
  }
}
