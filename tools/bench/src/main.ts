import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Network } from '../../../apps/e2e/src/network.js';
import type { CrowdShape } from '../../../apps/e2e/src/seed/crowd-shape.js';
import { type BenchNetwork, startBenchNetwork } from './bench-network.js';
import { bootFigures, idleFigures } from './idle.js';
import { openMediaPool } from './media-pool.js';
import { type BenchOptions, readOptions, rowNames } from './options.js';
import { openProfiler, type Profiler } from './profile.js';
import { compareLines, reportLines } from './report.js';
import type { BenchResult, Figure } from './results.js';
import { createPostRow } from './rows/create-post.js';
import { crowdRow, seedForPages } from './rows/crowd.js';
import type { CrowdRow } from './rows/crowd-pages.js';
import { homeFeedRow } from './rows/home-feed.js';
import { liveLikeRow } from './rows/live-like.js';
import { restFeedRow } from './rows/rest-feed.js';
import { unchangedRow } from './rows/unchanged.js';
import { signInRow } from './rows/sign-in.js';
import { validateRow } from './rows/validate.js';
import { verificationRow } from './rows/verification.js';
import { seedTown } from './seed.js';

// This runs compiled, from dist/tools/bench/src.
const root = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = join(root, '.data', 'bench');

/** `npm run bench`; answers with the exit code: 1 for a wrong answer, never for a slow one. */
export async function runBench(args: string[], log: (line: string) => void): Promise<number> {
  const options = readOptions(args);
  if (options.compare) {
    const [before, after] = options.compare.map((file) => JSON.parse(readFileSync(file, 'utf8')) as BenchResult);
    for (const line of compareLines(before!, after!)) console.log(line);
    return 0;
  }
  const result = { ...circumstances(options), figures: await measure(options, log) };
  for (const line of reportLines(result)) console.log(line);
  const file = join(folder, `${result.date.slice(0, 19).replace(/:/g, '')}-${result.commit}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`\nWritten to ${file}`);
  return 0;
}

let running: BenchNetwork | undefined;

/** Ends the network of a run that is given up. */
export async function stopBench(): Promise<void> {
  const network = running;
  running = undefined;
  await network?.stop();
}

async function measure(options: BenchOptions, log: (line: string) => void): Promise<Figure[]> {
  const profiler = openProfiler(options.profile, join(folder, 'profiles'), () => running!.network, log);
  log('starting a private network');
  const bench = (running = await startBenchNetwork(profiler.extra));
  try {
    const idle = await idleFigures(bench.network);
    const rows = await measureRows(bench, options, profiler, log);
    return [...idle, ...(await bootFigures(bench.network)), ...rows];
  } catch (error) {
    if (running) log(logsOf(bench.network));
    throw error;
  } finally {
    await stopBench();
  }
}

async function measureRows(
  bench: BenchNetwork,
  options: BenchOptions,
  profiler: Profiler,
  log: (line: string) => void,
): Promise<Figure[]> {
  const before = Date.now();
  const town = await seedTown(bench.network);
  const media = await openMediaPool(bench.network, town.authors[0]!);
  log(`seeded in ${((Date.now() - before) / 1_000).toFixed(1)} s`);
  let crowd: Promise<CrowdShape> | undefined;
  const pages = async (row: CrowdRow) =>
    crowdRow(row, bench, town, await (crowd ??= seedForPages(bench, town, options.crowd, log)), options);
  const rows = {
    P1: () => homeFeedRow(bench, town, options, profiler),
    P2: () => createPostRow(bench, town, media, options),
    P5: () => liveLikeRow(bench, town, media, options),
    S1: () => signInRow(bench, town, options, profiler),
    S2: () => verificationRow(bench, town, options),
    G1: () => validateRow(bench, town, options, profiler),
    R1: () => restFeedRow(bench, town, options, profiler),
    R2: () => unchangedRow(bench, town, options, profiler),
    V1: () => pages('V1'),
    V2: () => pages('V2'),
    V3: () => pages('V3'),
    V4: () => pages('V4'),
    V5: () => pages('V5'),
    V6: () => pages('V6'),
  };
  const figures: Figure[] = [];
  for (const name of rowNames.filter((row) => options.rows.includes(row))) {
    log(`measuring ${name}`);
    figures.push(...(await rows[name]()));
  }
  return figures;
}

function circumstances({ rounds, seconds, connections }: BenchOptions): Omit<BenchResult, 'figures'> {
  return {
    date: new Date().toISOString(),
    commit: commit(),
    node: process.versions.node,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    rounds,
    seconds,
    connections,
  };
}

function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') ? '-changed' : ''}`;
  } catch {
    return 'no-commit';
  }
}

function logsOf({ services }: Network): string {
  return Object.values(services)
    .map(
      ({ name, logFile }) =>
        `Last lines of ${name}:\n${readFileSync(logFile, 'utf8')
          .trim()
          .split('\n')
          .slice(-5)
          .map((line) => line.slice(0, 400))
          .join('\n')}`,
    )
    .join('\n');
}
