import type { LoadOptions } from './options.js';
import type { OperationFigures, Tally } from './tally.js';

/** docs/observability.md: 99.9 % of operations. */
export const AVAILABLE = 0.999;

export interface LoadReport {
  url: string;
  seconds: number;
  perSecond: number;
  available: number;
  dropped: number;
  wrongCount: number;
  wrong: string[];
  operations: OperationFigures[];
}

export function makeReport({ url }: LoadOptions, tally: Tally, seconds: number): LoadReport {
  const operations = tally.figures();
  const answered = operations.reduce((total, it) => total + it.answered, 0);
  const { available, dropped, wrong, wrongCount } = tally;
  return { url, seconds, perSecond: answered / seconds, available, dropped, wrongCount, wrong, operations };
}

/** Whether the deployment kept what it promises. */
export const isGood = ({ available, dropped, wrongCount }: LoadReport): boolean =>
  available >= AVAILABLE && dropped === 0 && wrongCount === 0;

export function printed(report: LoadReport): string {
  const { url, seconds, perSecond, available, dropped, wrong, wrongCount, operations } = report;
  const rows = operations.map((it) => [
    it.operation,
    String(it.answered),
    ...[it.p50, it.p90, it.p99, it.max].map((ms) => ms.toFixed(0)),
    Object.entries(it.failed)
      .map(([code, count]) => `${count} ${code}`)
      .join(', '),
  ]);
  return [
    `${url}, ${seconds.toFixed(0)} s: ${perSecond.toFixed(1)} operations a second, milliseconds from the moment each was due`,
    '',
    ...columns([['operation', 'answered', 'p50', 'p90', 'p99', 'max', 'failed'], ...rows]),
    '',
    `available   ${(100 * available).toFixed(3)} % (wanted: ${100 * AVAILABLE} %)`,
    `not begun   ${dropped}`,
    `wrong       ${wrongCount}`,
    ...wrong.map((what) => `  ✗ ${what}`),
  ].join('\n');
}

function columns(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === 6 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}
