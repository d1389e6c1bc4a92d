import { join } from 'node:path';
import { BUSY, busyNetwork, holdsEventually, progress } from '../faults/busy-network.js';
import { type Network, startNetwork } from '../src/network.js';

/** The fault tests tested: they are worth what they notice. */
describe('The load of the fault tests', () => {
  let network: Network | undefined;

  afterEach(() => network?.stop(), 60_000);

  it('notices when an acknowledgement is moved before the commit', async () => {
    network = await startNetwork({ durable: true, extra: { gateway: BUSY, post: acknowledgingEarly() } });
    const { users, load } = await busyNetwork(network, 2);
    for (let kills = 0; kills < 3; kills++) {
      await progress(load, 30);
      await network.services.post.kill('SIGKILL');
      await network.services.post.start();
    }
    await progress(load, 10);
    await load.stop();
    await expect(holdsEventually(network, users, load, 5_000)).rejects.toThrow(/I[123] /);
  }, 300_000);
});

function acknowledgingEarly(): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--import ${join(process.cwd(), 'dist/apps/e2e/src/early-ack.js')}` };
}
