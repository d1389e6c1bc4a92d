import { setTimeout as pause } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import { Dice } from '../src/random.js';
import { type Answer, MAX_CPU_MS, problemsOf, TOO_MUCH_CPU } from './answer.js';
import { leastCpuMs } from './dear-calls.js';
import type { FuzzCase, Operation, Pool } from './fuzz-case.js';
import { FuzzHttp } from './fuzz-http.js';
import { type Channel, FuzzReport } from './fuzz-report.js';
import { FuzzSocket } from './fuzz-socket.js';
import { makeCase } from './generate.js';
import { followUps } from './next-pages.js';
import { areDifferent, DIFFERENT } from './same-answers.js';
import { shrink } from './shrink.js';

/** Each text is sent so often: what comes often is compiled, and answers must not change with that. */
const TIMES = 4;
const MAX_SHRUNK = 5;
/** What a busy machine or an event that is under way can bring about: it must show itself again. */
const PASSING = new Set(['code UNAVAILABLE', 'status 503', DIFFERENT]);
/** The gateway keeps for a second what it has looked up: without the pause only the first call ever would pay for that. */
const CACHE_TTL_MS = 1_100;

export interface FuzzTarget {
  url: string;
  token: string;
  schema: GraphQLSchema;
  pool: Pool;
  /** The CPU milliseconds that the server's process has used so far. */
  cpuMs?: () => number;
}

export interface FuzzOptions {
  seed: number;
  count: number;
  first?: number;
  /** Called after each case. */
  onCase?: (index: number, report: FuzzReport) => void;
}

/** Sends `count` cases of a seed, each over HTTP and over a socket, and reports every answer that no answer may be. */
export async function runFuzz(
  target: FuzzTarget,
  { seed, count, first = 0, onCase }: FuzzOptions,
): Promise<FuzzReport> {
  const client = new FuzzClient(target, seed);
  for (let index = first; index < first + count; index++) {
    await client.try(index, makeCase(target.schema, target.pool, seed, index));
    onCase?.(index, client.report);
  }
  client.close();
  return client.report;
}

class FuzzClient {
  readonly report = new FuzzReport();
  private notes = 0;
  private readonly http: FuzzHttp;
  private readonly sockets: Record<'user' | 'visitor', FuzzSocket>;

  constructor(
    private readonly target: FuzzTarget,
    private readonly seed: number,
  ) {
    const { url, token } = target;
    this.http = new FuzzHttp(url, token);
    this.sockets = { user: new FuzzSocket(url, token, true), visitor: new FuzzSocket(url, token, false) };
  }

  /** Sends a case, and others that go on from the cursors of its answer. */
  async try(index: number, fuzzCase: FuzzCase): Promise<void> {
    for (const channel of channelsOf(index, fuzzCase)) {
      const answers = await this.tryOver(channel, index, fuzzCase);
      for (const each of answers) this.report.count(each);
      const [answer] = answers;
      if (fuzzCase.raw || isChange(fuzzCase.operation) || !answer) continue;
      const dice = new Dice(this.seed * 2_000_003 + index);
      for (const next of followUps(this.target.schema, fuzzCase, answer, dice)) {
        this.report.countFollowUp(next.kind);
        await this.tryOver(channel, index, next);
      }
    }
  }

  close(): void {
    this.http.close();
    for (const socket of Object.values(this.sockets)) socket.close();
  }

  private async tryOver(channel: Channel, index: number, fuzzCase: FuzzCase): Promise<Answer[]> {
    const answers = await this.sendOften(fuzzCase, channel);
    await this.checkTime(index, fuzzCase, channel, answers);
    for (const problem of problemsIn(fuzzCase, answers)) await this.found(index, fuzzCase, channel, problem);
    return answers;
  }

  private async checkTime(index: number, fuzzCase: FuzzCase, channel: Channel, answers: Answer[]): Promise<void> {
    const onceMs = dearestOf(answers);
    if (onceMs <= MAX_CPU_MS) return;
    const againMs = await this.cpuMsAgain(fuzzCase, channel);
    this.report.dear.push({ index, kind: fuzzCase.kind, channel, onceMs, againMs });
    if (againMs > MAX_CPU_MS) await this.found(index, fuzzCase, channel, TOO_MUCH_CPU);
  }

  private async sendOften(fuzzCase: FuzzCase, channel: Channel): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let time = 0; time < TIMES; time++) answers.push(await this.send(fuzzCase, channel));
    return answers;
  }

  /** As a text that the server has not seen yet: parsed, interpreted and compiled once more. */
  private sendAnew(fuzzCase: FuzzCase, channel: Channel): Promise<Answer[]> {
    return this.sendOften(withNote(fuzzCase, String(this.notes++)), channel);
  }

  private async send(fuzzCase: FuzzCase, channel: Channel): Promise<Answer> {
    const before = this.target.cpuMs?.();
    const client = channel === 'HTTP' ? this.http : this.sockets[fuzzCase.isSignedIn ? 'user' : 'visitor'];
    const answer = await client.send(fuzzCase);
    if (before !== undefined) answer.cpuMs = this.target.cpuMs!() - before;
    return answer;
  }

  private cpuMsAgain(fuzzCase: FuzzCase, channel: Channel): Promise<number> {
    return leastCpuMs(async () => {
      await pause(CACHE_TTL_MS);
      const answers = await this.sendAnew(fuzzCase, channel);
      return answers.map(({ cpuMs = 0 }) => cpuMs);
    });
  }

  private async found(index: number, fuzzCase: FuzzCase, channel: Channel, problem: string): Promise<void> {
    const { kind } = fuzzCase;
    const shows = async (smaller: FuzzCase) =>
      problem === TOO_MUCH_CPU
        ? (await this.cpuMsAgain(smaller, channel)) > MAX_CPU_MS
        : problemsIn(smaller, await this.sendAnew(smaller, channel)).includes(problem);
    const again = problem === TOO_MUCH_CPU || (await shows(fuzzCase));
    if (!again && PASSING.has(problem)) return;
    const isShrunk = again && !this.report.hasFound(problem, kind) && this.report.findings.length < MAX_SHRUNK;
    const smallest = isShrunk ? await shrink(fuzzCase, shows) : fuzzCase;
    this.report.findings.push({
      index,
      kind,
      channel,
      problem,
      smallest: JSON.stringify(smallest.raw ?? smallest.operation).slice(0, 2_000),
    });
  }
}

/** Both, in turn as the first one: whatever is sent first meets a server that has not seen the text. */
function channelsOf(index: number, { raw }: FuzzCase): Channel[] {
  if (raw) return ['HTTP'];
  return index % 2 === 0 ? ['HTTP', 'socket'] : ['socket', 'HTTP'];
}

const dearestOf = (answers: Answer[]) => Math.max(...answers.map(({ cpuMs = 0 }) => cpuMs));

function problemsIn({ raw, operation, problems: more }: FuzzCase, answers: Answer[]): string[] {
  const problems = answers.flatMap((answer) => [...problemsOf(answer), ...(more?.(answer) ?? [])]);
  const outcomes = new Set(answers.map(({ status }) => status === 400));
  if (outcomes.size > 1) problems.push('refused only sometimes');
  if (!raw && !isChange(operation) && areDifferent(answers)) problems.push(DIFFERENT);
  return [...new Set(problems)];
}

const isChange = ({ query }: Operation) => /mutation|subscription/.test(String(query));

function withNote(fuzzCase: FuzzCase, note: string): FuzzCase {
  const { operation } = fuzzCase;
  if (typeof operation.query !== 'string' || fuzzCase.raw) return fuzzCase;
  return { ...fuzzCase, operation: { ...operation, query: `${operation.query}\n# ${note}` } };
}
