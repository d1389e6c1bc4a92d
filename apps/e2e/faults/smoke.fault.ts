import { join } from 'node:path';
import { eventually } from '@fowergram/testing';
import { uploadPhoto } from '../src/actions.js';
import { type Network, startNetwork } from '../src/network.js';
import { type TestUser, signUpTestUser } from '../src/test-users.js';
import { drawPhoto } from '../src/photos.js';
import { flushRedis } from './flush-redis.js';
import { violations } from './invariants.js';
import { type Load, startLoad } from './load.js';

const USERS = 6;
const SETTLED_WITHIN_MS = 60_000;
/** These six act more than six hundred. */
const BUSY = { RATE_LIMIT_FACTOR: '1000' };

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

async function busyNetwork(network: Network, seed: number): Promise<{ users: TestUser[]; load: Load }> {
  const users: TestUser[] = [];
  for (let index = 0; index < USERS; index++) users.push(await signUpTestUser(network, `p${index}`));
  // The first picture costs the worker its start; the load begins when everything is warm.
  await uploadPhoto(users[0]!.client, await drawPhoto({ seed: 1, width: 96, height: 64 }));
  return { users, load: startLoad(users, seed) };
}

/** Waits until that many more requests were acknowledged. */
async function progress({ model }: Load, requests: number): Promise<void> {
  const target = model.acknowledged + requests;
  await eventually(() => model.acknowledged >= target, 60_000);
}

async function holdsEventually(
  network: Network,
  users: TestUser[],
  load: Load,
  withinMs = SETTLED_WITHIN_MS,
): Promise<void> {
  await eventually(async () => expect(await violations(network, users, load.model)).toEqual([]), withinMs);
}

function acknowledgingEarly(): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--import ${join(process.cwd(), 'dist/apps/e2e/src/early-ack.js')}` };
}
