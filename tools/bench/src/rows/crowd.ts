import { seedCrowd } from '../../../../apps/e2e/src/seed/crowd.js';
import type { CrowdShape, CrowdSize } from '../../../../apps/e2e/src/seed/crowd-shape.js';
import type { BenchNetwork } from '../bench-network.js';
import { gatewayRequest } from '../load/gateway-request.js';
import { HttpConnection } from '../load/http-connection.js';
import type { HttpJob } from '../load/messages.js';
import type { BenchOptions } from '../options.js';
import { type Figure, figure } from '../results.js';
import { type Sample, sample } from '../rounds.js';
import type { Town } from '../seed.js';
import { type TableReads, tableReads } from '../table-reads.js';
import { WrongAnswer } from '../wrong-answer.js';
import { CROWD_PAGES, type CrowdRow, variablesOf } from './crowd-pages.js';

const RATE = 200;
const PAGES = 200;
const WARM_UP_SECONDS = 3;
const SAVED = 40;
const SAVE = 'mutation ($postId: ID!) { savePost(postId: $postId) { id } }';

/** Fills the network with a crowd, beside the town that signs in and saves some of what the crowd posts. */
export async function seedForPages(
  { network }: BenchNetwork,
  { viewers }: Town,
  size: CrowdSize,
  log: (line: string) => void,
): Promise<CrowdShape> {
  const { databases, stack } = network;
  const { shape, rows, seconds } = await seedCrowd({ ...size, databases, adminUrl: stack.postgres.url, say: log });
  log(`a crowd of ${rows.toLocaleString('en')} rows, ${Math.round(rows / seconds).toLocaleString('en')} a second`);
  for (const [index, { user }] of viewers.entries())
    for (let nth = 0; nth < SAVED; nth++)
      await user.client.request(SAVE, { postId: `post_${shape.postId((index + nth * 7) % size.posts)}` });
  return shape;
}

/** V1 and on: pages of a year's use, asked for at a fixed rate whether answers come or not. */
export async function crowdRow(
  row: CrowdRow,
  bench: BenchNetwork,
  { viewers }: Town,
  crowd: CrowdShape,
  options: BenchOptions,
): Promise<Figure[]> {
  const requests = variablesOf(row, crowd, PAGES).map((variables, index) =>
    gatewayRequest(viewers[index % viewers.length]!.user.client.token!, CROWD_PAGES[row].query, variables),
  );
  const job: HttpJob = {
    kind: 'http',
    port: bench.gatewayPort,
    connections: options.connections,
    seconds: options.seconds,
    rate: RATE,
    requests,
    cycle: true,
    expected: await answersOf(bench.gatewayPort, requests),
  };
  await bench.load({ ...job, seconds: WARM_UP_SECONDS });
  const before = await tableReads(bench.network);
  const rounds: Sample[] = [];
  for (let round = 0; round < options.rounds; round += 1)
    rounds.push(await sample(bench.watched, () => bench.load(job)));
  const asked = rounds.reduce((sum, { report }) => sum + report.answered, 0);
  return figuresOf(row, rounds, readsPerPage(before, await tableReads(bench.network), asked));
}

/** Each page once, alone: an answer with an error, or without what was looked for, is no page. */
async function answersOf(port: number, requests: Buffer[]): Promise<Buffer[]> {
  const connection = await HttpConnection.open(port);
  const answers: Buffer[] = [];
  for (const request of requests) {
    const { status, body } = await connection.send(request);
    const { data, errors } = JSON.parse(body.toString('utf8')) as { data?: { found?: unknown }; errors?: unknown };
    if (status !== 200 || errors || !data?.found) throw new WrongAnswer(`A page was answered ${status} ${body}`);
    answers.push(body);
  }
  connection.close();
  return answers;
}

const readsPerPage = (before: TableReads, after: TableReads, pages: number) => ({
  transactions: (after.transactions - before.transactions) / pages,
  scans: after.scansOfLargeTables - before.scansOfLargeTables,
});

function figuresOf(row: CrowdRow, rounds: Sample[], reads: ReturnType<typeof readsPerPage>): Figure[] {
  const { label } = CROWD_PAGES[row];
  return [
    ...(['p50', 'p99'] as const).map((name) =>
      figure({
        row,
        name,
        label: `${label}, at ${RATE}/s, ${name}`,
        unit: 'ms',
        ours: rounds.map(({ report }) => report.latencyMs[name]),
        ...(name === 'p99' && { goals: [{ kind: 'target', of: 'ours', atMost: 30 }] }),
      }),
    ),
    figure({
      row,
      name: 'transactions',
      label: 'transactions of all databases',
      unit: 'per page',
      ours: [reads.transactions],
    }),
    figure({
      row,
      name: 'scans',
      label: 'sequential scans of tables of 10,000 rows and more',
      unit: 'in all rounds',
      ours: [reads.scans],
      goals: [{ kind: 'floor', of: 'ours', atMost: 0 }],
    }),
  ];
}
