import { type BenchNetwork, withBare } from '../bench-network.js';
import type { BareFeed } from '../bare/feed.js';
import { cpuFigures } from '../cpu-figures.js';
import { FEED_QUERY, FEED_SIZE } from '../feed-query.js';
import { gatewayRequest } from '../load/gateway-request.js';
import { HttpConnection } from '../load/http-connection.js';
import type { HttpJob } from '../load/messages.js';
import type { BenchOptions } from '../options.js';
import type { Profiler } from '../profile.js';
import { type Figure, figure } from '../results.js';
import { alternate, sample } from '../rounds.js';
import { settledFeed, type Town } from '../seed.js';
import { WrongAnswer } from '../wrong-answer.js';

const WARM_UP_SECONDS = 3;

/** P1: the first page of the home feed, hydrated, beside Mercurius that holds the same answer in memory. */
export async function homeFeedRow(
  bench: BenchNetwork,
  town: Town,
  options: BenchOptions,
  profiler: Profiler,
): Promise<Figure[]> {
  for (const viewer of town.viewers) await settledFeed(viewer);
  const requests = town.viewers.map(({ user }) => gatewayRequest(user.client.token!, FEED_QUERY, { first: FEED_SIZE }));
  // Nothing is written while this row is measured: an answer that differs from the checked one by a byte is wrong.
  const expected = await Promise.all(requests.map((request) => bodyOf(bench.gatewayPort, request)));
  const settings: BareFeed = { answer: JSON.parse(expected[0]!.toString('utf8')) };
  return withBare('feed', settings, async (bare) => {
    const bareBody = await bodyOf(bare.port, requests[0]!);
    if (!bareBody.equals(expected[0]!))
      throw new WrongAnswer(`The bare counterpart does not return the gateway's bytes:\n${bareBody}\n${expected[0]}`);
    const job = { kind: 'http', connections: options.connections, seconds: options.seconds, cycle: true } as const;
    const oursJob: HttpJob = { ...job, port: bench.gatewayPort, requests, expected };
    const bareJob: HttpJob = { ...job, port: bare.port, requests, expected: requests.map(() => bareBody) };
    await bench.load({ ...oursJob, seconds: WARM_UP_SECONDS });
    await bench.load({ ...bareJob, seconds: WARM_UP_SECONDS });
    await profiler.during(() => bench.load(oursJob));
    const watched = { ...bench.watched, ...bare.watched };
    const rounds = await alternate(
      options.rounds,
      () => sample(watched, () => bench.load(oursJob)),
      () => sample(watched, () => bench.load(bareJob)),
    );
    return [
      figure({
        row: 'P1',
        name: 'throughput',
        label: `homeFeed(first: ${FEED_SIZE}) of ${expected[0]!.length} bytes`,
        unit: 'requests/s',
        ours: rounds.ours.map(({ perSecond }) => perSecond),
        bare: rounds.bare.map(({ perSecond }) => perSecond),
        goals: [
          { kind: 'floor', of: 'ratio', atLeast: 0.15 },
          { kind: 'target', of: 'ratio', atLeast: 0.35 },
        ],
      }),
      ...(['p50', 'p99'] as const).map((name) =>
        figure({
          row: 'P1',
          name,
          label: `latency ${name}`,
          unit: 'ms',
          ours: rounds.ours.map(({ report }) => report.latencyMs[name]),
          bare: rounds.bare.map(({ report }) => report.latencyMs[name]),
        }),
      ),
      ...cpuFigures({
        row: 'P1',
        per: 'request',
        rounds,
        gatewayGoals: [{ kind: 'target', of: 'ratio', atMost: 2 }],
        allGoals: [{ kind: 'target', of: 'ratio', atMost: 4 }],
      }),
    ];
  });
}

async function bodyOf(port: number, request: Uint8Array): Promise<Buffer> {
  const connection = await HttpConnection.open(port);
  try {
    const { status, body } = await connection.send(request);
    if (status !== 200) throw new WrongAnswer(`${status} ${body}`);
    return body;
  } finally {
    connection.close();
  }
}
