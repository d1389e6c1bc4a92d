import type { BenchNetwork } from '../bench-network.js';
import { gatewayRequest } from '../load/gateway-request.js';
import { requestBytes } from '../load/http-connection.js';
import type { HttpJob } from '../load/messages.js';
import type { BenchOptions } from '../options.js';
import { type Figure, figure } from '../results.js';
import { alternate, sample } from '../rounds.js';
import type { Town } from '../seed.js';

const QUERY = '{ __typename }';
const ANSWER = Buffer.from('{"data":{"__typename":"Query"}}');

/** S2: what a session adds to a request, in CPU of the gateway: the same request with a token and without. The core must rest meanwhile. */
export async function verificationRow(
  bench: BenchNetwork,
  { authors }: Town,
  options: BenchOptions,
): Promise<Figure[]> {
  const job = (requests: Buffer[]): HttpJob => ({
    kind: 'http',
    port: bench.gatewayPort,
    connections: options.connections,
    seconds: options.seconds,
    requests,
    cycle: true,
    expected: requests.map(() => ANSWER),
  });
  const signedIn = job(authors.map(({ client }) => gatewayRequest(client.token!, QUERY, {})));
  const visitor = job([requestBytes({ path: '/graphql', body: { query: QUERY, variables: {} } })]);
  for (const each of [signedIn, visitor]) await bench.load({ ...each, seconds: 1 });
  const rounds = await alternate(
    options.rounds,
    () => sample(bench.watched, () => bench.load(signedIn)),
    () => sample(bench.watched, () => bench.load(visitor)),
  );
  const [ours, bare] = [rounds.ours.map(({ cpu }) => cpu.gateway!), rounds.bare.map(({ cpu }) => cpu.gateway!)];
  const added = ours.map((each, round) => each - bare[round]!);
  return [
    figure({
      row: 'S2',
      name: 'cpu.gateway',
      label: 'CPU of the gateway, signed in beside anonymous',
      unit: 'µs per request',
      ours,
      bare,
    }),
    figure({
      row: 'S2',
      name: 'cpu.added',
      label: 'CPU that a known session adds',
      unit: 'µs per request',
      ours: added,
      goals: [{ kind: 'target', of: 'ours', atMost: 60 }],
    }),
    figure({
      row: 'S2',
      name: 'cpu.core',
      label: 'CPU of the auth core',
      unit: 'µs per request',
      ours: rounds.ours.map(({ cpu }) => cpu['auth core'] ?? 0),
      goals: [{ kind: 'target', of: 'ours', atMost: 1 }],
    }),
  ];
}
