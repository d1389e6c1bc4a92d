import type { GraphQLSchema } from 'graphql';
import { type Answer, codesOf, MAX_CPU_MS, problemsOf, TOO_MUCH_CPU } from './answer.js';
import type { FuzzCase, Pool } from './fuzz-case.js';
import { FuzzHttp } from './fuzz-http.js';
import { FuzzSocket } from './fuzz-socket.js';
import { makeCase } from './generate.js';
import { shrink } from './shrink.js';

/** Each text is sent so often: what comes often is compiled, and answers must not change with that. */
const TIMES = 4;
const MAX_SHRUNK = 5;
/** How often what was dear is tried again from the start: a busy machine makes everything dear now and then. */
const ROUNDS = 3;

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
  onCase?: (index: number) => void;
}

export interface Finding {
  index: number;
  kind: string;
  channel: Channel;
  problem: string;
  /** The smallest operation that still shows it, where one was looked for. */
  smallest: string;
}

type Channel = 'HTTP' | 'socket';

export interface FuzzReport {
  findings: Finding[];
  sent: number;
  /** How often each kind of answer came: a fuzzer whose documents are all refused finds nothing. */
  answers: Record<string, number>;
  largestBytes: number;
  dearestCpuMs: number;
}

/** Sends `count` cases of a seed, each over HTTP and over a socket, and reports every answer that no answer may be. */
export async function runFuzz(
  target: FuzzTarget,
  { seed, count, first = 0, onCase }: FuzzOptions,
): Promise<FuzzReport> {
  const client = new FuzzClient(target);
  for (let index = first; index < first + count; index++) {
    await client.try(index, makeCase(target.schema, target.pool, seed, index));
    onCase?.(index);
  }
  client.close();
  return client.report;
}

class FuzzClient {
  readonly report: FuzzReport = { findings: [], sent: 0, answers: {}, largestBytes: 0, dearestCpuMs: 0 };
  private notes = 0;
  private readonly http: FuzzHttp;
  private readonly sockets: Record<'user' | 'visitor', FuzzSocket>;

  constructor(private readonly target: FuzzTarget) {
    const { url, token } = target;
    this.http = new FuzzHttp(url, token);
    this.sockets = { user: new FuzzSocket(url, token, true), visitor: new FuzzSocket(url, token, false) };
  }

  async try(index: number, fuzzCase: FuzzCase): Promise<void> {
    const channels: Channel[] = fuzzCase.raw ? ['HTTP'] : ['HTTP', 'socket'];
    for (const channel of channels) {
      const answers = await this.sendOften(fuzzCase, channel);
      for (const answer of answers) this.count(answer);
      for (const problem of problemsIn(answers)) await this.found(index, fuzzCase, channel, problem);
    }
  }

  close(): void {
    this.http.close();
    for (const socket of Object.values(this.sockets)) socket.close();
  }

  private async sendOften(fuzzCase: FuzzCase, channel: Channel): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let time = 0; time < TIMES; time++) answers.push(await this.send(fuzzCase, channel));
    return answers;
  }

  private async send(fuzzCase: FuzzCase, channel: Channel): Promise<Answer> {
    const before = this.target.cpuMs?.();
    const client = channel === 'HTTP' ? this.http : this.sockets[fuzzCase.isSignedIn ? 'user' : 'visitor'];
    const answer = await client.send(fuzzCase);
    if (before !== undefined) answer.cpuMs = this.target.cpuMs!() - before;
    return answer;
  }

  /** True when one of the calls is dear each time, the first one that is parsed, the third one that is compiled, or any other. */
  private async isDear(fuzzCase: FuzzCase, channel: Channel): Promise<boolean> {
    const cheapest = Array.from({ length: TIMES }, () => Infinity);
    for (let round = 0; round < ROUNDS; round++) {
      const answers = await this.sendOften(withNote(fuzzCase, String(this.notes++)), channel);
      answers.forEach(({ cpuMs = 0 }, time) => (cheapest[time] = Math.min(cheapest[time]!, cpuMs)));
    }
    return cheapest.some((cpuMs) => cpuMs > MAX_CPU_MS);
  }

  private count(answer: Answer): void {
    const { report } = this;
    const name = String(answer.closedWith ?? codesOf(answer)[0] ?? (answer.isMissing ? 'none' : 'data'));
    report.sent++;
    report.answers[name] = (report.answers[name] ?? 0) + 1;
    report.largestBytes = Math.max(report.largestBytes, ...answer.texts.map((text) => Buffer.byteLength(text)));
    report.dearestCpuMs = Math.max(report.dearestCpuMs, answer.cpuMs ?? 0);
  }

  private async found(index: number, fuzzCase: FuzzCase, channel: Channel, problem: string): Promise<void> {
    const { kind } = fuzzCase;
    const isKnown = this.report.findings.some((finding) => finding.kind === kind && finding.problem === problem);
    const shows = async (smaller: FuzzCase) =>
      problem === TOO_MUCH_CPU
        ? this.isDear(smaller, channel)
        : problemsIn(await this.sendOften(smaller, channel)).includes(problem);
    // What needs a busy machine does not count: it must show itself again.
    const again = await shows(fuzzCase);
    if (!again && [TOO_MUCH_CPU, 'code UNAVAILABLE'].includes(problem)) return;
    const isShrunk = again && !isKnown && this.report.findings.length < MAX_SHRUNK;
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

function problemsIn(answers: Answer[]): string[] {
  const problems = answers.flatMap((answer) => problemsOf(answer));
  const outcomes = new Set(answers.map(({ status }) => status === 400));
  if (outcomes.size > 1) problems.push('refused only sometimes');
  return [...new Set(problems)];
}

/** The same operation as a text that the server has not seen yet. */
function withNote(fuzzCase: FuzzCase, note: string): FuzzCase {
  const { operation } = fuzzCase;
  if (typeof operation.query !== 'string' || fuzzCase.raw) return fuzzCase;
  return { ...fuzzCase, operation: { ...operation, query: `${operation.query}\n# ${note}` } };
}
