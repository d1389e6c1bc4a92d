import { RateLimitsService } from '../../src/limits/rate-limits.service.js';
import { freezeTime } from '../support/frozen-time.js';
import { connect, type TestSocket } from '../support/socket.js';
import { anAddress, openWorld, type World } from '../support/world.js';

const LOOK_UP = '{ user(username: "nobody") { id } }';

/** Where a socket is said to come from decides whose points it takes. */
describe('The address of a socket', () => {
  let world: World | undefined;
  const sockets: TestSocket[] = [];
  const exhaust = (address: string) => {
    const limits = world!.app.get(RateLimitsService);
    while (!limits.admitRequest(address).error);
  };
  const open = async (forwarded?: string): Promise<TestSocket> => {
    const socket = await connect(world!, undefined, { headers: forwarded ? { 'x-forwarded-for': forwarded } : {} });
    sockets.push(socket);
    return socket;
  };
  const isRefused = async (socket: TestSocket) =>
    (await socket.run(LOOK_UP)).errors.some(({ extensions }) => extensions?.code === 'RATE_LIMITED');

  afterEach(async () => {
    for (const socket of sockets.splice(0)) await socket.close();
    await world?.close();
    world = undefined;
  });

  it('is what a trusted proxy tells, the last of a chain that nobody else vouches for, and the /64 of IPv6', async () => {
    world = await openWorld({ TRUSTED_PROXIES: '127.0.0.0/8,10.0.0.0/8' });
    freezeTime(world);
    const [poor, rich] = [anAddress(), anAddress()].map((address) => address.replace(/^10\./, '192.')) as [
      string,
      string,
    ];
    exhaust(poor);
    exhaust('2001:db8:1:2::/64');
    const from = async (...chain: string[]) => isRefused(await open(chain.join(', ')));
    expect([await from(poor), await from(rich)]).toEqual([true, false]);
    // The first one is what the client wrote; the second is what the proxy at 10.0.0.1 saw.
    expect([await from(rich, poor, '10.0.0.1'), await from(poor, rich, '10.0.0.1')]).toEqual([true, false]);
    expect([await from('2001:db8:1:2:ffff::1'), await from('2001:db8:1:3::1')]).toEqual([true, false]);
  });

  it('is that of the connection where nobody is trusted, and the points over HTTP are the same', async () => {
    world = await openWorld({ TRUSTED_PROXIES: '10.0.0.0/8' });
    freezeTime(world);
    exhaust('127.0.0.1');
    expect([await isRefused(await open(anAddress())), await isRefused(await open())]).toEqual([true, true]);
    const { status } = await world.gql(LOOK_UP, {}, { headers: { 'x-forwarded-for': anAddress() } });
    expect(status).toBe(429);
  });
});
