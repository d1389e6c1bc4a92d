import type { HttpReport } from './load/messages.js';
import { type CpuByProcess, cpuNow, cpuSince, untilQuiet, type Watched } from './processes.js';
import { WrongAnswer } from './wrong-answer.js';

/** One round of one side. */
export interface Sample<R extends HttpReport = HttpReport> {
  report: R;
  perSecond: number;
  /** CPU microseconds per answer, work that went on after the last answer included. */
  cpu: CpuByProcess;
  /** How long that work went on. */
  tailMs: number;
}

export interface Rounds<R extends HttpReport = HttpReport> {
  ours: Sample<R>[];
  bare: Sample<R>[];
}

/** Runs both sides in turns, the first one changing, so that neither drift nor order favours one. */
export async function alternate<R extends HttpReport>(
  rounds: number,
  ours: () => Promise<Sample<R>>,
  bare: () => Promise<Sample<R>>,
): Promise<Rounds<R>> {
  const result: Rounds<R> = { ours: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    const oursFirst = round % 2 === 0;
    if (oursFirst) result.ours.push(await ours());
    result.bare.push(await bare());
    if (!oursFirst) result.ours.push(await ours());
  }
  return result;
}

/** Measures one round: begins when everything rests, ends when what it caused is done. */
export async function sample<R extends HttpReport>(watched: Watched, run: () => Promise<R>): Promise<Sample<R>> {
  await untilQuiet(watched);
  const before = cpuNow(watched);
  const report = await run();
  const tailMs = await untilQuiet(watched);
  if (report.wrong > 0)
    throw new WrongAnswer(`${report.wrong} of ${report.answered} answers were wrong. The first: ${report.wrongSample}`);
  const used = cpuSince(before, cpuNow(watched));
  const cpu = Object.fromEntries(
    Object.entries(used).map(([name, microseconds]) => [name, microseconds / report.answered]),
  );
  return { report, perSecond: (report.answered * 1_000) / report.elapsedMs, cpu, tailMs };
}
