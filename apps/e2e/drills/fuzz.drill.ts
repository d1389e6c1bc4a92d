import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { mostResidentMb, residentMb } from '../../../tools/bench/src/proc.js';
import { insertDearData } from '../fuzz/dear-data.js';
import type { FuzzReport } from '../fuzz/fuzz-report.js';
import { type FuzzTarget, runFuzz } from '../fuzz/run-fuzz.js';
import { type Network, startNetwork } from '../src/network.js';
import { cpuMsOf } from '../src/process-usage.js';
import { signUpTestUser } from '../src/test-users.js';

const SEED = Number(process.env.FUZZ_SEED ?? 9);
const COUNT = Number(process.env.FUZZ_COUNT ?? 10_000);
const FIRST = Number(process.env.FUZZ_FIRST ?? 0);
/** What the container of a small gateway has; a quarter of it is left to what is no JavaScript. */
const MEMORY_MB = 400;
const HEAP_MB = 256;
/** A heap that is still warming up says nothing of what is kept: few documents are not enough to compare the ends. */
const ENOUGH = 3_000;
const PROGRESS_EVERY = 500;
const SIZE = { users: 110, posts: 110, reactions: 100 };

describe('A gateway of 400 MB under the fuzzer', () => {
  let network: Network;
  let report: FuzzReport;
  let mostMb: number;
  const memory: number[] = [];
  let shown = 0;

  beforeAll(async () => {
    network = await startNetwork({
      extra: { gateway: { RATE_LIMIT_FACTOR: '1000000', NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` } },
    });
    const viewer = await signUpTestUser(network, 'viewer');
    const pool = await insertDearData(network.databases, viewer.id.replace('user_', ''), SIZE);
    const gateway = network.services.gateway;
    const target: FuzzTarget = {
      url: network.url,
      token: viewer.client.token!,
      schema: buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8')),
      pool,
      cpuMs: () => cpuMsOf(gateway.pid!),
    };
    const onCase = (index: number, { findings, dear }: FuzzReport) => {
      memory.push(residentMb(gateway.pid!));
      for (; shown < findings.length; shown++) say(JSON.stringify(findings[shown]));
      if (memory.length % PROGRESS_EVERY === 0)
        say(`up to ${index}: ${findings.length} findings, ${dear.length} dear once, ${Math.round(memory.at(-1)!)} MB`);
    };
    report = await runFuzz(target, { seed: SEED, count: COUNT, first: FIRST, onCase });
    mostMb = mostResidentMb(gateway.pid!);
    say(JSON.stringify(summaryOf(report, memory, mostMb)));
  }, 5_000_000);
  afterAll(() => network?.stop());

  it('gives no answer that no answer may be, and none that is dear', () => {
    expect({ seed: SEED, findings: report.findings }).toEqual({ seed: SEED, findings: [] });
  });

  it('answers with data as well as with errors', () => {
    expect(report.answers.data).toBeGreaterThan(report.sent / 5);
    expect(report.answers.BAD_USER_INPUT).toBeGreaterThan(report.sent / 10);
  });

  it('stays within its memory', () => {
    expect(mostMb).toBeLessThan(MEMORY_MB);
  });

  (COUNT < ENOUGH ? it.skip : it)('holds no more at the end than at the beginning', () => {
    const { first, last } = thirdsOf(memory);
    expect(last).toBeLessThan(first * 1.15);
  });
});

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

function thirdsOf(values: number[]) {
  const third = Math.ceil(values.length / 3);
  return { first: median(values.slice(0, third)), last: median(values.slice(-third)) };
}

const say = (text: string) => process.stderr.write(`fuzzer, seed ${SEED}: ${text}\n`);

const summaryOf = ({ findings, dear, ...numbers }: FuzzReport, memory: number[], mostMb: number) => ({
  ...numbers,
  findings: findings.length,
  dearOnce: dear.length,
  dear: dear.sort((a, b) => b.againMs - a.againMs).slice(0, 20),
  residentMb: { ...thirdsOf(memory), most: mostMb },
});
