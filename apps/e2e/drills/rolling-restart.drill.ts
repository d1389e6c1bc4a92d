import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@fowergram/testing';
import { load } from '../../../tools/load/src/main.js';
import { printed } from '../../../tools/load/src/report.js';
import { startServices, stopServices } from '../../../tools/stack/services.mjs';
import { drift } from '../src/counter-audit.js';
import { type Network, type ServiceName, serviceNames, startNetwork } from '../src/network.js';
import { Balancer } from '../src/roll-out/balancer.js';

/** Two cores that also start processes serve twice as many where nothing else runs. */
const RATE = Number(process.env.ROLLING_RATE ?? 20);
/** A hundred sockets: an address makes thirty accounts an hour, and a user may have twenty sockets. */
const CROWD = { users: 20, listeners: 20, devices: 5 };
const TIMEOUT_MS = 1_200_000;
/** Far more than the restarts take, which end the load. */
const MINUTES = 15;
const BETWEEN_MS = 2_000;
/** Both gateways are one API: its name is the issuer of tokens. */
const VARIABLES: Partial<Record<ServiceName, NodeJS.ProcessEnv>> = {
  gateway: { RATE_LIMIT_FACTOR: '100000', API_DOMAIN: 'http://localhost:8000' },
};

describe('A network of two replicas of each service', () => {
  let network: Network;
  let replicas: Network['services'][];
  let balancer: Balancer | undefined;

  beforeAll(async () => {
    network = await startNetwork({ extra: VARIABLES });
    const { stack, pooled } = network;
    const others = await startServices({
      stack,
      databases: pooled.databases,
      extra: VARIABLES,
      env: { ENVIRONMENT: 'test', LOG_LEVEL: 'warn', TRUSTED_PROXIES: '127.0.0.0/8', ...pooled.env },
      dataDir: join(stack.dataDir, 'others'),
    });
    replicas = [network.services, others];
    balancer = new Balancer([network.services.gateway, others.gateway]);
  }, 300_000);
  afterAll(async () => {
    await balancer?.stop();
    if (replicas) await stopServices(replicas[1]!);
    await network?.stop();
  }, 60_000);

  /** Each replica of each service, one after the other, while the rest is there. */
  async function restartAll(): Promise<void> {
    for (const name of serviceNames)
      for (const replica of replicas) {
        await pause(BETWEEN_MS);
        const startedAt = performance.now();
        await replica[name].stop({ patienceMs: 30_000 });
        const stoppedAfter = Math.round(performance.now() - startedAt);
        await replica[name].start();
        process.stderr.write(`${name}: stopped in ${stoppedAfter} ms, started in ${replica[name].bootMs} ms\n`);
      }
  }

  it(
    'fails no request, misses no event and does nothing twice while each of them is restarted',
    async () => {
      const url = await balancer!.start();
      const ending = new AbortController();
      let restarts: Promise<void> | undefined;
      const log = (line: string) => {
        process.stderr.write(`${line}\n`);
        if (line.includes('a second')) restarts = restartAll().finally(() => ending.abort());
      };
      const options = { ...CROWD, url, rate: RATE, minutes: MINUTES, seed: 1, json: undefined };
      const report = await load(options, { signal: ending.signal, log });
      process.stderr.write(`${printed(report)}\n`);
      await restarts;

      expect(
        report.operations.flatMap(({ operation, failed }) => Object.keys(failed).map((code) => [operation, code])),
      ).toEqual([]);
      expect(report.wrong).toEqual([]);
      expect(report.dropped).toBe(0);
      await eventually(async () => expect(await drift(network)).toEqual([]), 30_000);
    },
    TIMEOUT_MS,
  );
});
