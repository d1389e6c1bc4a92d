import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { freePorts, isFree, portHolder } from '../ports.mjs';

describe('a port', () => {
  it('differs from those that are asked for together with it', async () => {
    const ports = await freePorts(20);
    expect(new Set(ports).size).toBe(20);
  });

  it('that somebody listens on is not free, and its holder is named', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await isFree(port)).toBe(false);
    if (process.platform === 'linux') expect(portHolder(port)?.pid).toBe(process.pid);
    await new Promise((resolve) => server.close(resolve));
    expect(await isFree(port)).toBe(true);
  });
});
