import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const POLL_INTERVAL_MS = 500;

/** What stands behind it: where clients would reach it, and where it says whether it is ready. */
export interface Endpoint {
  url: string;
  operatorUrl: string;
}

/** Gives each new connection to a gateway that was ready when it last looked, in turns; connections that are there it leaves alone. */
export class Balancer {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.join(client));
  private timer: NodeJS.Timeout | undefined;
  private ready: Endpoint[] = [];
  private turn = 0;

  constructor(private readonly endpoints: readonly Endpoint[]) {}

  /** Answers the address for clients. */
  async start(): Promise<string> {
    await this.look();
    this.timer = setInterval(() => void this.look(), POLL_INTERVAL_MS);
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    if (!this.server.listening) return;
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async look(): Promise<void> {
    const answers = await Promise.all(this.endpoints.map(isReady));
    this.ready = this.endpoints.filter((_endpoint, index) => answers[index]);
  }

  private join(client: Socket): void {
    const endpoint = this.ready[this.turn++ % this.ready.length];
    if (!endpoint) return void client.destroy();
    const { port, hostname } = new URL(endpoint.url);
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => this.sockets.delete(from));
      from.pipe(to);
    }
  }
}

const isReady = ({ operatorUrl }: Endpoint): Promise<boolean> =>
  fetch(`${operatorUrl}/health/ready`).then(
    async (answer) => {
      await answer.text();
      return answer.ok;
    },
    () => false,
  );
