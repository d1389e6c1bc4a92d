import { type Answer, codesOf } from './answer.js';

export type Channel = 'HTTP' | 'socket';

export interface Finding {
  index: number;
  kind: string;
  channel: Channel;
  problem: string;
  /** The smallest operation that still shows it, where one was looked for. */
  smallest: string;
}

/** A case with a call over the bound, and the least that its dearest call took when all were made again. */
export interface DearCase {
  index: number;
  kind: string;
  channel: Channel;
  onceMs: number;
  againMs: number;
}

/** What came of all cases. */
export class FuzzReport {
  readonly findings: Finding[] = [];
  readonly dear: DearCase[] = [];
  /** How often each kind of answer came: a fuzzer whose documents are all refused finds nothing. */
  readonly answers: Record<string, number> = {};
  /** How often the cursors of an answer were sent again, by what was done with them; most of it is refused, and not among the answers. */
  readonly followUps: Record<string, number> = {};
  sent = 0;
  largestBytes = 0;

  count(answer: Answer): void {
    const name = String(answer.closedWith ?? codesOf(answer)[0] ?? (answer.isMissing ? 'none' : 'data'));
    this.sent++;
    this.answers[name] = (this.answers[name] ?? 0) + 1;
    this.largestBytes = Math.max(this.largestBytes, ...answer.texts.map((text) => Buffer.byteLength(text)));
  }

  countFollowUp(kind: string): void {
    this.followUps[kind] = (this.followUps[kind] ?? 0) + 1;
  }

  hasFound(problem: string, kind: string): boolean {
    return this.findings.some((finding) => finding.kind === kind && finding.problem === problem);
  }
}
