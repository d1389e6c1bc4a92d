import { setTimeout as pause } from 'node:timers/promises';
import { type BenchNetwork, relayUrls, withBare } from '../bench-network.js';
import { cpuFigures } from '../cpu-figures.js';
import { gatewayRequest } from '../load/gateway-request.js';
import { requestBytes } from '../load/http-connection.js';
import type { LiveJob, LiveReport, SocketSpec } from '../load/messages.js';
import { createPosts, type MediaPool } from '../media-pool.js';
import type { BenchOptions } from '../options.js';
import { type Figure, figure } from '../results.js';
import { alternate, sample } from '../rounds.js';
import type { Town } from '../seed.js';
import { WrongAnswer } from '../wrong-answer.js';

const LIKE = 'mutation Like($postId: ID!) { likePost(postId: $postId) { id likeCount viewerHasLiked } }';
const NOTIFICATIONS =
  'subscription { notificationReceived { cursor node { id kind actors(first: 1) { id username } post { id } } } }';
const LISTENERS = 20;
const TIMEOUT_MS = 10_000;

interface LikedPost {
  id: string;
  /** Number of its author among the town's users. */
  author: number;
}

/** P5: from the moment a like is due to the frame on its author's socket, beside request → NATS → frame in one process. */
export async function liveLikeRow(
  bench: BenchNetwork,
  town: Town,
  media: MediaPool,
  options: BenchOptions,
): Promise<Figure[]> {
  const users = [...town.authors, ...town.viewers.map(({ user }) => user)];
  const perRound = options.likesPerSecond * options.seconds;
  const posts = await postsToLike(town, media, perRound);
  const likes = new Map<string, number>();
  const url = bench.network.url.replace('http', 'ws') + '/graphql';
  const sockets: SocketSpec[] = town.authors
    .slice(0, LISTENERS)
    .map(({ client }) => ({ kind: 'graphql', url, token: client.token!, query: NOTIFICATIONS }));

  // In one round each post is liked once and each round by somebody else: every like is new and every frame says which one it was.
  const job = (round: number): LiveJob => {
    const chosen = posts
      .slice(0, perRound)
      .map((post) => ({ post, liker: users[(post.author + 1 + round) % users.length]! }));
    const requests = chosen.map(({ post, liker }) => gatewayRequest(liker.client.token!, LIKE, { postId: post.id }));
    return {
      kind: 'live',
      sockets,
      keys: chosen.map(({ post, liker }) => `${liker.id}:${post.id}`),
      timeoutMs: TIMEOUT_MS,
      http: httpJob(bench.gatewayPort, requests),
    };
  };
  const httpJob = (port: number, requests: Buffer[]): LiveJob['http'] => ({
    kind: 'http',
    port,
    requests,
    connections: options.connections,
    seconds: options.seconds,
    rate: options.likesPerSecond,
    cycle: false,
    keepBodies: true,
  });
  const run = async (job: LiveJob): Promise<LiveReport> => checkFrames(await bench.load(job));
  let round = 0;
  const runOurs = async () => {
    const report = await run(job(round++));
    for (const { request, body } of report.bodies) countLike(likes, posts[request]!.id, body);
    return report;
  };
  return withBare('relay', relayUrls(bench), async (bare) => {
    const keys = Array.from({ length: perRound }, (_, index) => `like-${index}`);
    const bareJob: LiveJob = {
      kind: 'live',
      keys,
      timeoutMs: TIMEOUT_MS,
      sockets: sockets.map((_, socket) => ({ kind: 'plain', url: `ws://127.0.0.1:${bare.port}/${socket}` })),
      http: httpJob(
        bare.port,
        keys.map((key, index) => requestBytes({ path: '/likes', body: { socket: index % LISTENERS, key } })),
      ),
    };
    const watched = { ...bench.watched, ...bare.watched };
    await runOurs();
    await run(bareJob);
    const rounds = await alternate(
      options.rounds,
      () => sample(watched, runOurs),
      () => sample(watched, () => run(bareJob)),
    );
    await checkCounts(town, likes);
    const frame = (name: 'p50' | 'p99' | 'max', goals: { kind: 'target'; of: 'ours'; atMost: number }[] = []) =>
      figure({
        row: 'P5',
        name,
        label: `like → frame at ${options.likesPerSecond}/s, ${name}`,
        unit: 'ms',
        ours: rounds.ours.map(({ report }) => report.frameMs[name]),
        bare: rounds.bare.map(({ report }) => report.frameMs[name]),
        goals,
      });
    return [
      frame('p50'),
      frame('p99', [{ kind: 'target', of: 'ours', atMost: 50 }]),
      frame('max'),
      figure({
        row: 'P5',
        name: 'ack.p99',
        label: 'like acknowledged, p99',
        unit: 'ms',
        ours: rounds.ours.map(({ report }) => report.latencyMs.p99),
        bare: rounds.bare.map(({ report }) => report.latencyMs.p99),
      }),
      figure({
        row: 'P5',
        name: 'rate',
        label: 'likes answered',
        unit: 'likes/s',
        ours: rounds.ours.map(({ perSecond }) => perSecond),
        bare: rounds.bare.map(({ perSecond }) => perSecond),
      }),
      ...cpuFigures({ row: 'P5', per: 'like', rounds, bareStores: ['nats'] }),
    ];
  });
}

/** Posts whose authors will listen, taking turns, so that the load is spread over all sockets at every moment. */
async function postsToLike({ authors }: Town, media: MediaPool, count: number): Promise<LikedPost[]> {
  const each = Math.ceil(count / LISTENERS);
  const byAuthor: string[][] = [];
  for (const author of authors.slice(0, LISTENERS)) byAuthor.push(await createPosts(media, author, each));
  return Array.from({ length: each * LISTENERS }, (_, index) => ({
    id: byAuthor[index % LISTENERS]![Math.floor(index / LISTENERS)]!,
    author: index % LISTENERS,
  }));
}

function checkFrames(report: LiveReport): LiveReport {
  if (report.missing.length > 0)
    throw new WrongAnswer(
      `${report.missing.length} of ${report.answered} likes never reached the socket of the author, for example ${report.missing[0]}.`,
    );
  if (report.surplus > 0) throw new WrongAnswer(`${report.surplus} frames came twice or without a like.`);
  return report;
}

function countLike(likes: Map<string, number>, postId: string, body: string): void {
  const { data, errors } = JSON.parse(body) as {
    data?: { likePost: { id: string; likeCount: number; viewerHasLiked: boolean } | null };
    errors?: unknown;
  };
  const count = (likes.get(postId) ?? 0) + 1;
  if (errors || data?.likePost?.id !== postId || !data.likePost.viewerHasLiked || data.likePost.likeCount !== count)
    throw new WrongAnswer(`Like ${count} of ${postId} was answered ${body}`);
  likes.set(postId, count);
}

/** Every count is what was acknowledged, no more and no less, once the deltas have been aggregated too. */
async function checkCounts({ viewers }: Town, likes: Map<string, number>): Promise<void> {
  await pause(1_000);
  const { client } = viewers[0]!.user;
  for (const [postId, wanted] of likes) {
    const { node } = await client.request<{ node: { likeCount: number } | null }>(
      'query ($id: ID!) { node(id: $id) { ... on Post { likeCount } } }',
      { id: postId },
    );
    if (node?.likeCount !== wanted)
      throw new WrongAnswer(`Post ${postId} has ${node?.likeCount} likes, ${wanted} were acknowledged.`);
  }
}
