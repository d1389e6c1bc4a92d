import { ratios, type Spread, spread } from './stats.js';
import type { RowName } from './options.js';

export interface Goal {
  /** The floor is what this stage must reach, the target what the design aims at. */
  kind: 'floor' | 'target';
  of: 'ours' | 'ratio';
  atLeast?: number;
  atMost?: number;
}

/** One line of the table: a figure of ours, of the bare counterpart, and what ours is of it. */
export interface Figure {
  id: string;
  row: RowName | 'idle';
  label: string;
  unit: string;
  ours: Spread;
  bare?: Spread;
  /** Spread of the quotients of each round. */
  ratio?: Spread;
  goals: Goal[];
}

export interface BenchResult {
  date: string;
  commit: string;
  node: string;
  cpu: string;
  cores: number;
  rounds: number;
  seconds: number;
  connections: number;
  figures: Figure[];
}

export interface NewFigure {
  row: Figure['row'];
  name: string;
  label: string;
  unit: string;
  ours: number[];
  bare?: number[];
  goals?: Goal[];
}

export function figure({ row, name, label, unit, ours, bare, goals = [] }: NewFigure): Figure {
  return {
    id: `${row}.${name}`,
    row,
    label,
    unit,
    ours: spread(ours),
    ...(bare ? { bare: spread(bare), ratio: spread(ratios(ours, bare)) } : {}),
    goals,
  };
}

export function isMet(figure: Figure, { of, atLeast = -Infinity, atMost = Infinity }: Goal): boolean {
  const value = figure[of]?.median ?? NaN;
  return value >= atLeast && value <= atMost;
}
