import { percentile } from '../../bench/src/stats.js';

export interface OperationFigures {
  operation: string;
  answered: number;
  failed: Record<string, number>;
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

/** Latencies of one operation are a sample of this size: a run of a day takes no more memory than one of a minute. */
const SAMPLE = 20_000;
const MOST_WRONG = 20;

/** Codes that say that the deployment failed; whatever else is refused says that the caller asked too much. */
const FAILURES = new Set(['INTERNAL', 'UNAVAILABLE', 'NETWORK', 'BAD_ANSWER']);

/** What came of each operation. */
export class Tally {
  private readonly operations = new Map<string, Operation>();
  readonly wrong: string[] = [];
  wrongCount = 0;
  /** Operations that were not begun because too many were under way. */
  dropped = 0;

  constructor(private readonly random: () => number = Math.random) {}

  answered(operation: string, ms: number): void {
    this.of(operation).add(ms, this.random);
  }

  failed(operation: string, code: string): void {
    const { failed } = this.of(operation);
    failed[code] = (failed[code] ?? 0) + 1;
  }

  /** An answer that contradicts what was acknowledged before. */
  isWrong(what: string): void {
    this.wrongCount += 1;
    if (this.wrong.length < MOST_WRONG) this.wrong.push(what);
  }

  figures(): OperationFigures[] {
    return [...this.operations].map(([operation, it]) => it.figures(operation)).sort((a, b) => b.answered - a.answered);
  }

  /** The share of all operations that were answered, not counting those that a limit has refused. */
  get available(): number {
    const figures = this.figures();
    const answered = sum(figures.map((it) => it.answered));
    const failed = sum(
      figures.flatMap((it) => Object.entries(it.failed).map(([code, count]) => (FAILURES.has(code) ? count : 0))),
    );
    return answered + failed === 0 ? 0 : answered / (answered + failed);
  }

  private of(operation: string): Operation {
    let it = this.operations.get(operation);
    if (!it) this.operations.set(operation, (it = new Operation()));
    return it;
  }
}

class Operation {
  private readonly sample: number[] = [];
  private answered = 0;
  private max = 0;
  readonly failed: Record<string, number> = {};

  /** Every latency has the same chance to be in the sample. */
  add(ms: number, random: () => number): void {
    this.answered += 1;
    this.max = Math.max(this.max, ms);
    if (this.sample.length < SAMPLE) return void this.sample.push(ms);
    const place = Math.floor(random() * this.answered);
    if (place < SAMPLE) this.sample[place] = ms;
  }

  figures(operation: string): OperationFigures {
    const at = (share: number) => (this.answered === 0 ? 0 : percentile(this.sample, share));
    const { answered, failed, max } = this;
    return { operation, answered, failed, p50: at(0.5), p90: at(0.9), p99: at(0.99), max };
  }
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
