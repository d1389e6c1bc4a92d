import { parseArgs } from 'node:util';
import type { CrowdSize } from '../../../apps/e2e/src/seed/crowd-shape.js';

/** In the order in which they are measured: first what needs a feed that stands still, last what makes every table larger. */
export const rowNames = ['P1', 'R1', 'R2', 'P2', 'P5', 'S1', 'S2', 'G1', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] as const;
export type RowName = (typeof rowNames)[number];

export interface BenchOptions {
  rows: RowName[];
  rounds: number;
  seconds: number;
  connections: number;
  likesPerSecond: number;
  /** Of what the pages of V1 and on are. */
  crowd: CrowdSize;
  /** Services whose CPU profile is taken while P1 is measured; its figures are then worth nothing. */
  profile: string[];
  /** Two result files to compare instead of measuring. */
  compare?: [string, string];
}

/** As `npm run seed` has them; these few seconds' worth are enough to see a page break, and no measure of a year. */
const CROWD = { '--people': 2_000, '--posts': 20_000, '--likes': 200_000 };
const crowdOptions = Object.fromEntries(
  Object.entries(CROWD).map(([name, usual]) => [name.slice(2), { type: 'string' as const, default: String(usual) }]),
);

function crowdSize(values: Record<string, unknown>): CrowdSize {
  const [users, posts, likes] = Object.keys(CROWD).map((name) => whole(name, String(values[name.slice(2)]), 10, 1e9));
  return { users: users!, posts: posts!, likes: likes!, seed: 1 };
}

export function readOptions(args: string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '32' },
      rate: { type: 'string', default: '200' },
      profile: { type: 'string', default: '' },
      ...crowdOptions,
      compare: { type: 'boolean', default: false },
    },
  });
  const common = {
    rounds: whole('--rounds', values.rounds, 1, 50),
    seconds: whole('--seconds', values.seconds, 1, 60),
    connections: whole('--connections', values.connections, 1, 256),
    likesPerSecond: whole('--rate', values.rate, 1, 2_000),
    crowd: crowdSize(values),
    profile: values.profile.split(',').filter(Boolean),
  };
  if (values.compare) {
    const [before, after] = positionals;
    if (!before || !after) throw new Error('--compare takes two files that earlier runs wrote.');
    return { ...common, rows: [], compare: [before, after] };
  }
  const unknown = positionals.find((name) => !rowNames.includes(name as RowName));
  if (unknown) throw new Error(`There is no row "${unknown}". Rows: ${rowNames.join(' ')}.`);
  return { ...common, rows: positionals.length > 0 ? (positionals as RowName[]) : [...rowNames] };
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} is "${text}"; it must be a whole number from ${least} to ${most}.`);
}
