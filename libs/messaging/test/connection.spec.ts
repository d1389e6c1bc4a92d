import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { freePort, startNats, type TestNats } from '@fowergram/testing';
import { connectNats, natsUrl } from '../src/index.js';

describe('The address of NATS', () => {
  it.each([
    ['nats://nats:4222', true],
    ['nats://post:secret@one:4222,nats://post:secret@two:4222', true],
    ['nats', false],
    ['nats://one:4222,two', false],
    ['', false],
  ])('%p is one: %p', (value, isOne) => expect(natsUrl.safeParse(value).success).toBe(isOne));
});

describe('A connection to NATS', () => {
  let nats: TestNats | undefined;
  let busy: Server | undefined;
  afterEach(async () => {
    await nats?.stop();
    busy?.close();
    nats = busy = undefined;
  });

  it('is to another server where the first that is named is away', async () => {
    nats = await startNats();
    const away = Object.assign(new URL(nats.url), { port: await freePort() });
    const connection = await connectNats(`${away.href},${nats.url}`, 'administrator');
    expect(connection.getServer()).toBe(new URL(nats.url).host);
    await connection.close();
  });

  it.each([
    ['has no time for its sign-in', 'Authentication Timeout', { code: 'UNAVAILABLE' }],
    ['refuses its password', 'Authorization Violation', { message: expect.stringMatching(/^NATS_URL: .*password/) }],
  ])('fails with what is wrong when the server %s', async (_what, said, failure) => {
    busy = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(
        `INFO ${JSON.stringify({ server_id: 'busy', version: '2.10.0', max_payload: 1, headers: true })}\r\n`,
      );
      socket.once('data', () => socket.end(`-ERR '${said}'\r\n`));
    }).listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    await expect(connectNats(`nats://a:b@127.0.0.1:${port}`, 'probe')).rejects.toMatchObject(failure);
  });
});
