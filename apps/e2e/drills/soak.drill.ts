import { setTimeout as pause } from 'node:timers/promises';
import { load } from '../../../tools/load/src/main.js';
import { isGood, printed } from '../../../tools/load/src/report.js';
import { query } from '../../../tools/stack/postgres.mjs';
import { freePorts } from '../../../tools/stack/ports.mjs';
import { type Network, type ServiceName, serviceNames, startNetwork } from '../src/network.js';
import { type Footprint, footprintOf } from '../src/process-memory.js';

/** Thirty for a release; what runs with all drills finds what grows with each request. */
const MINUTES = Number(process.env.SOAK_MINUTES ?? 4);
const RATE = 15;
const TIMEOUT_MS = (MINUTES * 2 + 10) * 60_000;
/** Sweeps, relays and what follows an answer are done by then. */
const QUIET_MS = 15_000;
const MAY_GROW = 1.1;

/** Measured when all is quiet, after a first third of the time has warmed what is compiled and cached. */
describe('A network under the load of an ordinary day', () => {
  let network: Network;
  const inspectorPorts = {} as Record<ServiceName, number>;
  const options = { users: 20, listeners: 5, devices: 1, rate: RATE, seed: 1, json: undefined };
  const surroundings = {
    signal: new AbortController().signal,
    log: (line: string) => process.stderr.write(`${line}\n`),
  };

  beforeAll(async () => {
    const ports = await freePorts(serviceNames.length);
    serviceNames.forEach((name, index) => (inspectorPorts[name] = ports[index]!));
    const inspected = (name: ServiceName) => ({ NODE_OPTIONS: `--inspect=127.0.0.1:${inspectorPorts[name]}` });
    const extra = Object.fromEntries(serviceNames.map((name) => [name, inspected(name)]));
    network = await startNetwork({
      extra: { ...extra, gateway: { ...inspected('gateway'), RATE_LIMIT_FACTOR: '1000' } },
    });
  }, 300_000);
  afterAll(() => network?.stop(), 60_000);

  const footprints = async (): Promise<Record<ServiceName, Footprint>> => {
    await pause(QUIET_MS);
    const all = {} as Record<ServiceName, Footprint>;
    for (const name of serviceNames) all[name] = await footprintOf(network.services[name].pid!, inspectorPorts[name]);
    return all;
  };
  const connections = async () => {
    const [row] = await query(network.stack.postgres.url, 'select count(*)::int as count from pg_stat_activity', []);
    return (row as { count: number }).count;
  };

  it(
    'answers as it promises, and takes no more memory, descriptors and connections after hours than after minutes',
    async () => {
      const url = network.url;
      const warm = await load({ ...options, url, minutes: MINUTES / 3 }, surroundings);
      const [before, connectionsBefore] = [await footprints(), await connections()];
      const report = await load({ ...options, url, minutes: (MINUTES * 2) / 3 }, surroundings);
      const [after, connectionsAfter] = [await footprints(), await connections()];
      process.stderr.write(
        `${printed(report)}\n${JSON.stringify({ before, after, connectionsBefore, connectionsAfter })}\n`,
      );

      expect([isGood(warm), isGood(report)]).toEqual([true, true]);
      expect(serviceNames.flatMap((name) => grown(name, before[name], after[name]))).toEqual([]);
      expect(connectionsAfter).toBeLessThanOrEqual(connectionsBefore * MAY_GROW);
    },
    TIMEOUT_MS,
  );

  it(
    'is found out by the load where it loses a like that it has acknowledged',
    async () => {
      await query(asOwner(network), LOSE_LIKES, []);
      const report = await load({ ...options, url: network.url, minutes: 0.5 }, surroundings);
      expect(report.wrong).toContainEqual(expect.stringMatching(/has 0 likes instead of|viewerHasLiked false/));
      expect(isGood(report)).toBe(false);
    },
    TIMEOUT_MS,
  );
});

const asOwner = ({ stack, databases }: Network) =>
  Object.assign(new URL(stack.postgres.url), { pathname: new URL(databases.post!).pathname }).href;

const LOSE_LIKES = `
  create function lose() returns trigger language plpgsql as 'begin return null; end';
  create trigger lose before insert on post_like for each row execute function lose()`;

function grown(name: ServiceName, before: Footprint, after: Footprint): string[] {
  const grew = (what: 'heldBytes' | 'descriptors') =>
    after[what] > before[what] * MAY_GROW ? [`${name}: ${before[what]} ${what} became ${after[what]}`] : [];
  return [...grew('heldBytes'), ...grew('descriptors')];
}
