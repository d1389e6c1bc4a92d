import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** A TCP road to a store that a test can cut and mend. */
export interface Road {
  url: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Lets the next request be lost with its connection, as when the store closes an idle one at that moment. */
  loseNext(): void;
}

/** Opens a road to the address of `target` on a port of its own. */
export async function openRoad(target: string): Promise<Road> {
  const { protocol, hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let own = 0;
  let losing = false;
  const mend = async () => {
    server = createServer((near) => {
      const far = createConnection(Number(port), hostname);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        from.once('close', () => {
          sockets.delete(from);
          to.destroy();
        });
        from.on('error', () => undefined);
        from.pipe(to);
      }
      near.on('data', () => {
        if (losing) near.destroy();
        losing = false;
      });
    });
    await new Promise<void>((resolve) => server!.listen(own, '127.0.0.1', resolve));
    own = (server.address() as { port: number }).port;
  };
  const cut = async () => {
    const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    for (const socket of sockets) socket.destroy();
    await closed;
    server = undefined;
  };
  await mend();
  return { url: `${protocol}//127.0.0.1:${own}`, cut, mend, loseNext: () => (losing = true) };
}
