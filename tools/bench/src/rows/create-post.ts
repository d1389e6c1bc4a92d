import { type BenchNetwork, withBare } from '../bench-network.js';
import type { BareInsert } from '../bare/insert.js';
import { cpuFigures } from '../cpu-figures.js';
import { gatewayRequest } from '../load/gateway-request.js';
import { requestBytes } from '../load/http-connection.js';
import type { HttpJob, HttpReport } from '../load/messages.js';
import type { MediaPool } from '../media-pool.js';
import type { BenchOptions } from '../options.js';
import { type Figure, figure } from '../results.js';
import { alternate, sample } from '../rounds.js';
import type { Town } from '../seed.js';
import { uuidOf } from '../uuid-of.js';
import { WrongAnswer } from '../wrong-answer.js';
import { query } from '../../../stack/postgres.mjs';

const CREATE_POST = 'mutation CreatePost($input: CreatePostInput!) { createPost(input: $input) { id createdAt } }';
const POOL_SIZE = 16;
const WARM_UP_SECONDS = 2;
/** Requests are prepared for as many posts per second, until a round has shown how many it takes. */
const FIRST_GUESS_PER_SECOND = 1_000;
const caption = (number: number) => `Post ${number} of the bench #bench`;

/** P2: posts that are acknowledged after their commit, beside one bare insert into the same Postgres. */
export async function createPostRow(
  bench: BenchNetwork,
  town: Town,
  media: MediaPool,
  options: BenchOptions,
): Promise<Figure[]> {
  const acknowledged: string[] = [];
  let perSecond = FIRST_GUESS_PER_SECOND;
  const base = { kind: 'http', connections: options.connections, cycle: false, keepBodies: true } as const;
  const prepare = async (seconds: number, rate?: number): Promise<HttpJob> => {
    const requests = await createPostRequests(
      town,
      media,
      Math.ceil((rate ?? perSecond * 2) * seconds) + options.connections,
    );
    return { ...base, port: bench.gatewayPort, seconds, requests, ...(rate ? { rate } : {}) };
  };
  const run = async (job: HttpJob): Promise<HttpReport> => {
    const report = await bench.load(job);
    acknowledged.push(...report.bodies.map(({ body }) => acknowledgedPost(body)));
    perSecond = Math.max(perSecond, (report.answered * 1_000) / report.elapsedMs);
    return report;
  };
  const databaseUrl = await createBareDatabase(bench.network.stack.postgres.url);
  const settings: BareInsert = { databaseUrl, poolSize: POOL_SIZE };
  return withBare('insert', settings, async (bare) => {
    const bareJob: HttpJob = {
      ...base,
      port: bare.port,
      seconds: options.seconds,
      requests: bareRequests(town),
      cycle: true,
      keepBodies: false,
    };
    await run(await prepare(WARM_UP_SECONDS));
    await bench.load({ ...bareJob, seconds: WARM_UP_SECONDS });
    const watched = { ...bench.watched, ...bare.watched };
    const rounds = await alternate(
      options.rounds,
      async () => {
        const job = await prepare(options.seconds);
        return sample(watched, () => run(job));
      },
      () => sample(watched, () => bench.load(bareJob)),
    );
    const throughput = figure({
      row: 'P2',
      name: 'throughput',
      label: `createPost, ${options.connections} clients`,
      unit: 'posts/s',
      ours: rounds.ours.map((each) => each.perSecond),
      bare: rounds.bare.map((each) => each.perSecond),
      goals: [
        { kind: 'floor', of: 'ours', atLeast: 200 },
        { kind: 'target', of: 'ours', atLeast: 1_000 },
      ],
    });
    const half = Math.max(1, Math.floor(throughput.ours.median / 2));
    const halfJob = await prepare(options.seconds, half);
    const atHalf = await sample(watched, () => run(halfJob));
    await checkAllExist(bench.network.databases.post!, acknowledged);
    const latency = (name: 'p50' | 'p99') =>
      figure({
        row: 'P2',
        name,
        label: `latency ${name}`,
        unit: 'ms',
        ours: rounds.ours.map(({ report }) => report.latencyMs[name]),
        bare: rounds.bare.map(({ report }) => report.latencyMs[name]),
      });
    return [
      throughput,
      latency('p50'),
      latency('p99'),
      figure({
        row: 'P2',
        name: 'half.p99',
        label: `latency p99 at ${half} posts/s`,
        unit: 'ms',
        ours: [atHalf.report.latencyMs.p99],
        goals: [{ kind: 'target', of: 'ours', atMost: 50 }],
      }),
      figure({
        row: 'P2',
        name: 'tail',
        label: 'work after the last answer',
        unit: 's',
        ours: rounds.ours.map(({ tailMs }) => tailMs / 1_000),
      }),
      ...cpuFigures({ row: 'P2', per: 'post', rounds, bareStores: ['postgres'] }),
    ];
  });
}

async function createPostRequests({ authors }: Town, media: MediaPool, count: number): Promise<Buffer[]> {
  const mediaIds = await Promise.all(authors.map((author) => media.take(author.id, Math.ceil(count / authors.length))));
  return Array.from({ length: count }, (_, index) => {
    const which = index % authors.length;
    const input = { caption: caption(index), mediaIds: [mediaIds[which]![Math.floor(index / authors.length)]!] };
    return gatewayRequest(authors[which]!.client.token!, CREATE_POST, { input });
  });
}

function bareRequests({ authors }: Town): Buffer[] {
  return authors.map((author, index) => {
    const authorId = uuidOf(author.id);
    return requestBytes({
      path: '/posts',
      headers: { authorization: `Bearer ${author.client.token}` },
      body: { authorId, caption: caption(index), mediaIds: [authorId] },
    });
  });
}

function acknowledgedPost(body: string): string {
  const { data, errors } = JSON.parse(body) as { data?: { createPost: { id: string } | null }; errors?: unknown };
  if (errors || !data?.createPost) throw new WrongAnswer(`createPost was answered ${body}`);
  return uuidOf(data.createPost.id);
}

async function checkAllExist(postDatabase: string, ids: string[]): Promise<void> {
  const [row] = (await query(
    postDatabase,
    'select count(*)::integer as found from post where id = any($1::uuid[]) and deleted_at is null',
    [ids],
  )) as { found: number }[];
  if (row?.found !== ids.length || new Set(ids).size !== ids.length)
    throw new WrongAnswer(`${ids.length} posts were acknowledged, ${row?.found} of them exist.`);
}

async function createBareDatabase(adminUrl: string): Promise<string> {
  await query(adminUrl, 'create database fowergram_bench');
  const url = new URL(adminUrl);
  url.pathname = '/fowergram_bench';
  return url.href;
}
