import { familyMicroseconds, familyOf, parseResidentKb, parseStat, readStats, residentMb } from '../src/proc.js';

const stat = (pid: number, name: string, parent: number, ticks: number[]) =>
  `${pid} (${name}) S ${parent} ${pid} ${pid} 0 -1 4194304 1 0 0 0 ${ticks.join(' ')} 20 0 11 0 100 1000 200`;

describe('the numbers of /proc', () => {
  it('reads parent and ticks whatever the name of the process is', () => {
    expect(parseStat(stat(12, 'a ) b (c) 9', 3, [5, 6, 7, 8]))).toEqual({
      pid: 12,
      parent: 3,
      ownTicks: 11,
      endedChildrenTicks: 15,
    });
  });

  it('refuses a line that it does not understand', () => {
    expect(() => parseStat('12 (cut off) S 3')).toThrow('This is no line of');
  });

  it('counts a process with its children, living and ended, and nobody else', () => {
    const stats = new Map(
      [
        [1, [10, 0, 5, 0], 0],
        [2, [20, 1, 0, 0], 1],
        [3, [30, 2, 0, 0], 2],
        [4, [500, 0, 0, 0], 0],
      ].map((entry) => {
        const [pid, ticks, parent] = entry as [number, number[], number];
        return [pid, parseStat(stat(pid, 'node', parent, ticks))] as const;
      }),
    );
    expect(familyOf(1, stats)).toEqual([1, 2, 3]);
    expect(familyMicroseconds(1, stats)).toBe((15 + 21 + 32) * 10_000);
    expect(familyMicroseconds(9, stats)).toBe(0);
  });

  it('reads resident memory', () => {
    const status = 'Name:\tnode\nVmPeak:\t  9 kB\nVmHWM:\t   30720 kB\nVmRSS:\t   20480 kB\n';
    expect(parseResidentKb(status)).toBe(20_480);
    expect(parseResidentKb(status, 'VmHWM')).toBe(30_720);
  });

  it('finds this very process, which has used time and holds memory', () => {
    expect(familyMicroseconds(process.pid, readStats())).toBeGreaterThan(0);
    expect(residentMb(process.pid)).toBeGreaterThan(10);
    expect(residentMb(2 ** 30)).toBe(0);
  });
});
