import { type BenchResult, type Figure, type Goal, isMet } from './results.js';
import type { Spread } from './stats.js';

/** The table of one run: every figure with the spread of its rounds, and whether its goals are met. */
export function reportLines(result: BenchResult): string[] {
  const head = ['', 'ours (min–max)', 'bare (min–max)', 'ours ÷ bare (min–max)', 'goal'];
  const rows = result.figures.map((figure) => [
    `${figure.row}  ${figure.label}, ${figure.unit}`,
    show(figure.ours),
    show(figure.bare),
    show(figure.ratio),
    figure.goals.map((goal) => showGoal(figure, goal)).join('; '),
  ]);
  const about = `${result.rounds} rounds of ${result.seconds} s, ${result.connections} connections, ${result.cores} cores (${result.cpu}), Node ${result.node}, commit ${result.commit}`;
  return [about, '', ...align([head, ...rows])];
}

/** What has become of each figure between two runs. */
export function compareLines(before: BenchResult, after: BenchResult): string[] {
  const known = new Map(before.figures.map((figure) => [figure.id, figure]));
  const rows = after.figures.map((figure) => {
    const old = known.get(figure.id);
    return [
      `${figure.row}  ${figure.label}, ${figure.unit}`,
      ...change(old?.ours, figure.ours),
      ...change(old?.ratio, figure.ratio),
    ];
  });
  const head = [
    '',
    `ours ${before.commit}`,
    `ours ${after.commit}`,
    'after ÷ before',
    'of bare before',
    'of bare after',
    'after ÷ before',
  ];
  return align([head, ...rows]);
}

function change(before: Spread | undefined, after: Spread | undefined): string[] {
  return [
    before ? number(before.median) : '',
    after ? number(after.median) : '',
    before && after ? `${(after.median / before.median).toFixed(2)} ×` : '',
  ];
}

function show(spread: Spread | undefined): string {
  if (!spread) return '';
  return spread.min === spread.max
    ? number(spread.median)
    : `${number(spread.median)} (${number(spread.min)}–${number(spread.max)})`;
}

function showGoal(figure: Figure, goal: Goal): string {
  const bound = goal.atLeast === undefined ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
  return `${goal.kind} ${bound}${goal.of === 'ratio' ? ' ×' : ''} ${isMet(figure, goal) ? 'met' : 'NOT met'}`;
}

function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function align(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
