import { type Network, type ServiceName, serviceNames, startNetwork } from '../../../apps/e2e/src/network.js';
import { freePort } from '../../stack/ports.mjs';
import { type Helper, startHelper } from './helper.js';
import type { Job, ReportOf } from './load/messages.js';
import { residentMb } from './proc.js';
import type { BareRelay } from './bare/relay.js';
import type { Watched } from './processes.js';

/** The network under test with the load generator beside it. */
export interface BenchNetwork {
  network: Network;
  gatewayPort: number;
  grpcPort: number;
  /** Every process of the network and the load generator. */
  watched: Watched;
  load<J extends Job>(job: J): Promise<ReportOf<J>>;
  stop(): Promise<void>;
}

/** A load generator is more than any user: what is measured is the cost of counting. */
const UNLIMITED = '1000000';

/** Starts the five services and their stores as they run in earnest: every commit reaches the disk. */
export async function startBenchNetwork(extra: Partial<Record<ServiceName, NodeJS.ProcessEnv>>): Promise<BenchNetwork> {
  const grpcPort = await freePort();
  const network = await startNetwork({
    durable: true,
    extra: { ...extra, gateway: { RATE_LIMIT_FACTOR: UNLIMITED, GRPC_PORT: String(grpcPort), ...extra.gateway } },
  });
  const generator = startHelper(new URL('./load/main.js', import.meta.url));
  const { postgres, redis, nats, objectStore, authCore } = network.stack;
  const pids = {
    ...Object.fromEntries(serviceNames.map((name) => [name, network.services[name].pid])),
    postgres: postgres.pid,
    redis: redis.pid,
    nats: nats.pid,
    'object store': objectStore.pid,
    'auth core': authCore?.pid,
    [LOAD]: generator.pid,
  };
  return {
    network,
    gatewayPort: network.services.gateway.port,
    grpcPort,
    watched: Object.fromEntries(
      Object.entries(pids).filter((entry): entry is [string, number] => entry[1] !== undefined),
    ),
    load: (job) => generator.ask(job),
    stop: async () => {
      await generator.stop();
      await network.stop();
    },
  };
}

export const LOAD = 'load generator';
export const BARE = 'bare';

/** Resident MB of each service. */
export function serviceMemory({ services }: Network): Record<ServiceName, number> {
  return Object.fromEntries(serviceNames.map((name) => [name, residentMb(services[name].pid!)])) as Record<
    ServiceName,
    number
  >;
}

/** Where the bare relay pushes and listens: with the credentials of those who do so in earnest. */
export function relayUrls({ network }: BenchNetwork): BareRelay {
  const { nats } = network.stack;
  return { speakerUrl: nats.urlOf('notification'), listenerUrl: nats.urlOf('gateway') };
}

/** Runs `work` beside a bare counterpart and ends that afterwards. */
export async function withBare<T>(
  file: string,
  settings: object,
  work: (bare: { port: number; watched: Watched }) => Promise<T>,
): Promise<T> {
  const helper: Helper = startHelper(new URL(`./bare/${file}.js`, import.meta.url));
  try {
    return await work({ port: await helper.ask<number>(settings), watched: { [BARE]: helper.pid } });
  } finally {
    await helper.stop();
  }
}
