import { isDeepStrictEqual } from 'node:util';
import { withShapes } from '../../../../apps/gateway/src/rest/shapes.js';
import { routes } from '../../../../apps/gateway/src/rest/routes/routes.js';
import type { BenchNetwork } from '../bench-network.js';
import { cpuPair } from '../cpu-figures.js';
import { FEED_SIZE } from '../feed-query.js';
import { gatewayRequest } from '../load/gateway-request.js';
import { askOnce, getBytes } from '../load/http-connection.js';
import type { HttpJob } from '../load/messages.js';
import type { BenchOptions } from '../options.js';
import type { Profiler } from '../profile.js';
import { type Figure, figure } from '../results.js';
import { alternate, sample } from '../rounds.js';
import { settledFeed, type Town } from '../seed.js';
import { WrongAnswer } from '../wrong-answer.js';

export const REST_FEED = `/api/v1/feed?limit=${FEED_SIZE}`;
const WARM_UP_SECONDS = 3;

/** What the route shows, as a client of GraphQL asks for it. */
const SAME_CONTENT = withShapes(routes.find(({ id }) => id === 'listFeed')!.document);

interface RestPage {
  items: unknown[];
}
interface GraphqlPage {
  data: { homeFeed: { edges: { node: unknown }[] } };
}

/** R1: a page of the feed over REST, beside GraphQL that shows the same of it. */
export async function restFeedRow(
  bench: BenchNetwork,
  town: Town,
  options: BenchOptions,
  profiler: Profiler,
): Promise<Figure[]> {
  for (const viewer of town.viewers) await settledFeed(viewer);
  const tokens = town.viewers.map(({ user }) => user.client.token!);
  const rest = await jobOf(
    bench,
    options,
    tokens.map((token) => getBytes(REST_FEED, { authorization: `Bearer ${token}` })),
  );
  const graphql = await jobOf(
    bench,
    options,
    tokens.map((token) => gatewayRequest(token, SAME_CONTENT, { limit: FEED_SIZE })),
  );
  for (const [index, body] of rest.expected!.entries()) requireSameContent(body, graphql.expected![index]!);
  for (const job of [rest, graphql]) await bench.load({ ...job, seconds: WARM_UP_SECONDS });
  await profiler.during(() => bench.load(rest));
  const rounds = await alternate(
    options.rounds,
    () => sample(bench.watched, () => bench.load(rest)),
    () => sample(bench.watched, () => bench.load(graphql)),
  );
  return [
    figure({
      row: 'R1',
      name: 'throughput',
      label: `GET ${REST_FEED} of ${rest.expected![0]!.length} bytes, beside GraphQL`,
      unit: 'requests/s',
      ours: rounds.ours.map(({ perSecond }) => perSecond),
      bare: rounds.bare.map(({ perSecond }) => perSecond),
      goals: [{ kind: 'target', of: 'ratio', atLeast: 1.2 }],
    }),
    ...cpuPair('R1', 'request', rounds),
  ];
}

async function jobOf(bench: BenchNetwork, options: BenchOptions, requests: Buffer[]): Promise<HttpJob> {
  const expected: Buffer[] = [];
  for (const request of requests) expected.push((await askOnce(bench.gatewayPort, request)).body);
  const { connections, seconds } = options;
  return { kind: 'http', port: bench.gatewayPort, connections, seconds, cycle: true, requests, expected };
}

function requireSameContent(rest: Uint8Array, graphql: Uint8Array): void {
  const read = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));
  const { items } = read(rest) as RestPage;
  const nodes = (read(graphql) as GraphqlPage).data.homeFeed.edges.map(({ node }) => node);
  if (items.length !== FEED_SIZE || !isDeepStrictEqual(items, nodes))
    throw new WrongAnswer('REST and GraphQL do not show the same page.');
}
