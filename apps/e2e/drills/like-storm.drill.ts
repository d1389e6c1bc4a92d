import { auditCounters } from '@fowergram/counters';
import { postRpc } from '@fowergram/contracts-post';
import { Database, newId } from '@fowergram/database';
import { TestMessaging, watchLocks } from '@fowergram/testing';
import { COUNTERS } from '../../post/src/counters/counters.registry.js';
import { query } from '../../../tools/stack/postgres.mjs';
import { type Network, startNetwork } from '../src/network.js';
import { postPhoto, signUpTestUser, type TestUser } from '../src/test-users.js';

const CONNECTIONS = 50;
const LIKES = 20_000;
const MAY_WAIT_MS = 50;

/** Stores keep what they acknowledge, as in production. The likers are ids only: nobody signs up 20,000 times. */
describe('A storm of 20,000 likes of one post from 50 connections', () => {
  let network: Network;
  let ann: TestUser;
  let postId: string;
  let connections: TestMessaging[] = [];

  beforeAll(async () => {
    network = await startNetwork({ durable: true });
    ann = await signUpTestUser(network, 'ann');
    await postPhoto(ann, 'Everybody likes this.');
    [postId] = (await query(network.databases.post!, 'select id from post', [])).map(({ id }) => id as string) as [
      string,
    ];
    const url = network.stack.nats.urlOf('gateway');
    connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => TestMessaging.open(url, 'gateway')));
  }, 120_000);
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await network?.stop();
  }, 60_000);

  it('is counted exactly, with no wait for a lock above 50 ms and no deadlock', async () => {
    const stopWatching = await watchLocks(adminUrlOf(network));
    const likers = Array.from({ length: LIKES }, () => newId()).values();
    const startedAt = performance.now();
    await Promise.all(
      connections.map(async (connection) => {
        for (const userId of likers) await connection.call(postRpc.like, { postId, userId });
      }),
    );
    const seconds = (performance.now() - startedAt) / 1_000;
    const { longest, deadlocks, samples } = await stopWatching();
    process.stderr.write(
      `${LIKES} likes in ${seconds.toFixed(1)} s; longest waits in ${samples} samples: ${JSON.stringify(longest)}\n`,
    );
    const [shown] = await connections[0]!.call(postRpc.byIds, { ids: [postId], viewerId: null });
    expect({ likeCount: shown!.likeCount, deadlocks }).toEqual({ likeCount: LIKES, deadlocks: 0 });
    expect(Object.entries(longest).filter(([, ms]) => ms > MAY_WAIT_MS)).toEqual([]);
    expect(await drift(network)).toEqual([]);
  }, 600_000);
});

async function drift({ databases }: Network) {
  const db = new Database({ url: databases.post!, max: 1 });
  try {
    return (await auditCounters({ db, counters: COUNTERS })).filter(({ drifted }) => drifted > 0);
  } finally {
    await db.close();
  }
}

/** Who may see what others wait for. */
function adminUrlOf({ stack, databases }: Network): string {
  const url = new URL(stack.postgres.url);
  url.pathname = new URL(databases.post!).pathname;
  return url.href;
}
