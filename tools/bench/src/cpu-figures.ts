import { BARE, LOAD } from './bench-network.js';
import type { CpuByProcess } from './processes.js';
import { type Figure, figure, type Goal } from './results.js';
import type { RowName } from './options.js';
import type { Rounds } from './rounds.js';

interface CpuRow {
  row: RowName;
  per: string;
  rounds: Rounds;
  /** Stores that the bare side uses as well. */
  bareStores?: string[];
  gatewayGoals?: Goal[];
  allGoals?: Goal[];
}

/** CPU per request: each process, the gateway against the bare process, and everything but the load generator on both sides. */
export function cpuFigures({ row, per, rounds, bareStores = [], gatewayGoals = [], allGoals = [] }: CpuRow): Figure[] {
  const unit = `µs per ${per}`;
  const names = Object.keys(rounds.ours[0]!.cpu).filter((name) => name !== BARE);
  const of = (name: string, side: keyof Rounds) => rounds[side].map(({ cpu }) => cpu[name] ?? 0);
  const bareTotal = rounds.bare.map(({ cpu }) => total(cpu, [BARE, ...bareStores]));
  const servers = names.filter((name) => name !== LOAD);
  return [
    ...names.map((name) =>
      figure({
        row,
        name: `cpu.${name}`,
        label: `CPU ${name}`,
        unit,
        ours: of(name, 'ours'),
        ...(name === 'gateway' ? { bare: of(BARE, 'bare'), goals: gatewayGoals } : {}),
        ...(name === LOAD || bareStores.includes(name) ? { bare: of(name, 'bare') } : {}),
      }),
    ),
    figure({
      row,
      name: 'cpu.all',
      label: 'CPU of all servers',
      unit,
      ours: rounds.ours.map(({ cpu }) => total(cpu, servers)),
      bare: bareTotal,
      goals: allGoals,
    }),
  ];
}

function total(cpu: CpuByProcess, names: string[]): number {
  return names.reduce((sum, name) => sum + (cpu[name] ?? 0), 0);
}

/** CPU per request of each process, where both sides ask the same network. */
export function cpuPair(row: RowName, per: string, { ours, bare }: Rounds): Figure[] {
  const names = Object.keys(ours[0]!.cpu);
  const servers = names.filter((name) => name !== LOAD);
  const line = (name: string, label: string, of: (cpu: CpuByProcess) => number) =>
    figure({
      row,
      name: `cpu.${name}`,
      label,
      unit: `µs per ${per}`,
      ours: ours.map(({ cpu }) => of(cpu)),
      bare: bare.map(({ cpu }) => of(cpu)),
    });
  return [
    ...names.map((name) => line(name, `CPU ${name}`, (cpu) => cpu[name] ?? 0)),
    line('all', 'CPU of all servers', (cpu) => total(cpu, servers)),
  ];
}
