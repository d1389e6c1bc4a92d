import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { openWorld, type World } from '../support/world.js';

/** What nobody catches ends the process, and here it fails the test. */
describe('a gateway that is asked for a socket', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world?.close());

  const isAlive = async () => (await world.gql('{ __typename }')).status === 200;
  const open = async (): Promise<Socket> => {
    const { hostname, port } = new URL(world.url);
    const socket = connectTcp(Number(port), hostname);
    await once(socket, 'connect');
    return socket.on('error', () => undefined);
  };
  const wish = (target: string, host = 'gateway') =>
    [
      `GET ${target} HTTP/1.1`,
      `host: ${host}`,
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      '',
      '',
    ].join('\r\n');

  it.each([
    '//',
    '///',
    '//[',
    '/graphql/..%2f',
    'http://[',
    'http://',
    '*',
    '/\\',
    '//graphql',
    '/nowhere?x=/graphql',
  ])('outlives the request: %s', async (target) => {
    const socket = await open();
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk))).write(wish(target));
    await once(socket, 'close');
    expect([answer.split('\r\n', 1)[0], await isAlive()]).toEqual([expect.stringMatching(/^HTTP\/1\.1 40[04] /), true]);
  });

  it('of clients that are gone before they are answered', async () => {
    for (const target of ['/nowhere', '/graphql']) {
      for (let round = 0; round < 50; round++) {
        const socket = await open();
        socket.write(wish(target));
        socket.resetAndDestroy();
      }
    }
    expect(await isAlive()).toBe(true);
  });
});
