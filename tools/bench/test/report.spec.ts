import { hottest } from '../src/cpu-profile.js';
import { readOptions } from '../src/options.js';
import { compareLines, reportLines } from '../src/report.js';
import { type BenchResult, figure } from '../src/results.js';

const result = (commit: string, ours: number[]): BenchResult => ({
  date: '2026-01-01T00:00:00.000Z',
  commit,
  node: '20',
  cpu: 'a',
  cores: 2,
  rounds: ours.length,
  seconds: 1,
  connections: 32,
  figures: [
    figure({
      row: 'P1',
      name: 'throughput',
      label: 'homeFeed',
      unit: 'requests/s',
      ours,
      bare: ours.map(() => 1_000),
      goals: [{ kind: 'floor', of: 'ratio', atLeast: 0.15 }],
    }),
  ],
});

describe('the report', () => {
  it('says of each goal whether it is met', () => {
    expect(reportLines(result('a', [100, 200, 300])).join('\n')).toContain('floor ≥ 0.15 × met');
    expect(reportLines(result('a', [10, 20, 30])).join('\n')).toContain('floor ≥ 0.15 × NOT met');
  });

  it('compares two runs by their medians', () => {
    expect(compareLines(result('a', [100]), result('b', [250])).at(-1)).toContain('2.50 ×');
  });

  it('shows where a process spends its time, idle time left out', () => {
    const frame = (functionName: string) => ({ functionName, url: '', lineNumber: 0 });
    const profile = {
      nodes: [
        { id: 1, callFrame: frame('work') },
        { id: 2, callFrame: frame('(idle)') },
        { id: 3, callFrame: frame('rest') },
      ],
      samples: [1, 2, 3, 1],
      timeDeltas: [30, 900, 20, 50],
    };
    expect(hottest(profile, 2)).toEqual([' 80.0 %  work', ' 20.0 %  rest']);
  });
});

describe('the options', () => {
  it('are all rows, five rounds of five seconds', () => {
    expect(readOptions([])).toMatchObject({
      rows: ['P1', 'R1', 'R2', 'P2', 'P5', 'S1', 'S2', 'G1', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'],
      rounds: 5,
      seconds: 5,
    });
  });

  it('refuse what they do not know', () => {
    expect(() => readOptions(['P9'])).toThrow('There is no row "P9"');
    expect(() => readOptions(['--rounds', '0'])).toThrow('--rounds');
    expect(() => readOptions(['--people', 'many'])).toThrow('--people');
    expect(() => readOptions(['--compare', 'one.json'])).toThrow('two files');
  });
});
