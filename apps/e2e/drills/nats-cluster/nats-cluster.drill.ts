import { eventually } from '@fowergram/testing';
import { BUSY, busyNetwork, holdsEventually, progress } from '../../faults/busy-network.js';
import { type Network, startNetwork } from '../../src/network.js';
import { NatsCluster } from './nats-cluster.js';

const ROUNDS = 2;

describe('a network on three servers of NATS', () => {
  const cluster = new NatsCluster();
  let network: Network;

  beforeAll(async () => {
    network = await startNetwork({
      extra: async (stores) => {
        const variables = await cluster.variables(stores);
        return { ...variables, gateway: { ...variables.gateway, ...BUSY } };
      },
    });
  }, 240_000);
  afterAll(async () => {
    await network?.stop();
    await cluster.stop();
  }, 60_000);

  it('loses nothing that was acknowledged while the leaders of the stream are killed, one after the other', async () => {
    expect(await cluster.stream()).toMatchObject({ replicas: 3 });
    const { users, load } = await busyNetwork(network, 11);
    for (let round = 0; round < ROUNDS; round++) {
      await progress(load, 30);
      const { leader } = await cluster.stream();
      await cluster.kill(leader);
      const killedAt = Date.now();
      const next = await eventually(() => cluster.stream(), 60_000);
      expect(next.leader).not.toBe(leader);
      process.stderr.write(`${leader} was killed, ${next.leader} leads after ${Date.now() - killedAt} ms\n`);
      await progress(load, 30);
      cluster.start(leader);
    }
    await load.stop();
    process.stderr.write(`${load.model.acknowledged} requests were acknowledged\n`);
    await holdsEventually(network, users, load, 120_000);
  }, 400_000);
});
