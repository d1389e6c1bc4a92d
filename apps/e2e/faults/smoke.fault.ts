import { type Network, startNetwork } from '../src/network.js';
import { BUSY, busyNetwork, holdsEventually, progress } from './busy-network.js';
import { flushRedis } from './flush-redis.js';

describe('a network under a small load', () => {
  let network: Network | undefined;

  afterEach(async () => {
    await network?.stop();
    network = undefined;
  }, 60_000);

  it('loses and doubles nothing while services are killed, NATS restarts and Redis is flushed', async () => {
    network = await startNetwork({ durable: true, extra: { gateway: BUSY } });
    const { users, load } = await busyNetwork(network, 1);
    for (const name of ['post', 'notification', 'media'] as const) {
      await progress(load, 40);
      await network.services[name].kill('SIGKILL');
      await network.services[name].start();
    }
    await progress(load, 40);
    await network.stack.nats.restart();
    await progress(load, 40);
    await flushRedis(network);
    await progress(load, 40);
    await load.stop();
    await holdsEventually(network, users, load);
    expect(load.model.acknowledged).toBeGreaterThan(200);
  }, 300_000);
});
