import type { BenchNetwork } from '../bench-network.js';
import { cpuPair } from '../cpu-figures.js';
import { askOnce, getBytes } from '../load/http-connection.js';
import type { HttpJob } from '../load/messages.js';
import type { BenchOptions } from '../options.js';
import type { Profiler } from '../profile.js';
import { type Figure, figure } from '../results.js';
import { alternate, sample } from '../rounds.js';
import { settledFeed, type Town } from '../seed.js';
import { WrongAnswer } from '../wrong-answer.js';
import { REST_FEED } from './rest-feed.js';

const WARM_UP_SECONDS = 3;
const NOTHING = Buffer.alloc(0);

/** R2: a post that the client has already, answered with 304, beside a page of the feed over REST. */
export async function unchangedRow(
  bench: BenchNetwork,
  town: Town,
  { connections, seconds, rounds: times }: BenchOptions,
  profiler: Profiler,
): Promise<Figure[]> {
  for (const viewer of town.viewers) await settledFeed(viewer);
  const common = { kind: 'http', port: bench.gatewayPort, connections, seconds, cycle: true } as const;
  const held: Buffer[] = [];
  const pages: Buffer[] = [];
  for (const { user, expects } of town.viewers) {
    const signedIn = { authorization: `Bearer ${user.client.token!}` };
    pages.push(getBytes(REST_FEED, signedIn));
    for (const id of expects.postIds.slice(0, 5)) held.push(await conditional(bench, `/api/v1/posts/${id}`, signedIn));
  }
  const unchanged: HttpJob = { ...common, requests: held, status: 304, expected: held.map(() => NOTHING) };
  const feed: HttpJob = { ...common, requests: pages };
  for (const job of [unchanged, feed]) await bench.load({ ...job, seconds: WARM_UP_SECONDS });
  await profiler.during(() => bench.load(unchanged));
  const rounds = await alternate(
    times,
    () => sample(bench.watched, () => bench.load(unchanged)),
    () => sample(bench.watched, () => bench.load(feed)),
  );
  return [
    figure({
      row: 'R2',
      name: 'throughput',
      label: `304 of GET /api/v1/posts/{id}, beside GET ${REST_FEED}`,
      unit: 'requests/s',
      ours: rounds.ours.map(({ perSecond }) => perSecond),
      bare: rounds.bare.map(({ perSecond }) => perSecond),
      goals: [{ kind: 'target', of: 'ratio', atLeast: 3 }],
    }),
    ...cpuPair('R2', 'request', rounds),
  ];
}

/** The request of a client that has what is there now. */
async function conditional(bench: BenchNetwork, path: string, headers: Record<string, string>): Promise<Buffer> {
  const { status, etag } = await askOnce(bench.gatewayPort, getBytes(path, headers));
  if (status !== 200 || !etag) throw new WrongAnswer(`GET ${path} was answered ${status}, with the ETag ${etag}.`);
  return getBytes(path, { ...headers, 'if-none-match': etag });
}
