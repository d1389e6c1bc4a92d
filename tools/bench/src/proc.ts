import { readdirSync, readFileSync } from 'node:fs';

/** One line of /proc/<pid>/stat, as far as we need it. Times are in clock ticks. */
export interface ProcStat {
  pid: number;
  parent: number;
  ownTicks: number;
  /** Of children that have ended and were waited for. */
  endedChildrenTicks: number;
}

/** Linux counts CPU for user space in hundredths of a second on every platform that Node runs on. */
export const MICROSECONDS_PER_TICK = 10_000;

export function parseStat(line: string): ProcStat {
  // The name stands in parentheses and may itself hold spaces and parentheses: everything counts from the last one.
  const close = line.lastIndexOf(')');
  const fields = line
    .slice(close + 2)
    .split(' ')
    .map(Number);
  const [parent, user, system, childUser, childSystem] = [fields[1], fields[11], fields[12], fields[13], fields[14]];
  if (close < 0 || parent === undefined || childSystem === undefined || Number.isNaN(childSystem))
    throw new Error(`This is no line of /proc/<pid>/stat: ${line}`);
  return { pid: parseInt(line, 10), parent, ownTicks: user! + system!, endedChildrenTicks: childUser! + childSystem };
}

/** The resident kB in the text of /proc/<pid>/status: those of now, or the most there ever were. */
export function parseResidentKb(status: string, name: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const kb = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  if (!kb) throw new Error(`There is no ${name} in this text.`);
  return Number(kb);
}

/** Every process of the machine, by pid. */
export function readStats(): Map<number, ProcStat> {
  const stats = new Map<number, ProcStat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const line = readOrGone(`/proc/${name}/stat`);
    if (line) stats.set(Number(name), parseStat(line));
  }
  return stats;
}

/** CPU microseconds of one process and all that it started, ended ones included. */
export function familyMicroseconds(root: number, stats: ReadonlyMap<number, ProcStat>): number {
  let ticks = 0;
  for (const pid of familyOf(root, stats)) {
    const { ownTicks, endedChildrenTicks } = stats.get(pid)!;
    ticks += ownTicks + endedChildrenTicks;
  }
  return ticks * MICROSECONDS_PER_TICK;
}

/** The pids of a process and its descendants that are alive. */
export function familyOf(root: number, stats: ReadonlyMap<number, ProcStat>): number[] {
  if (!stats.has(root)) return [];
  const children = [...stats.values()].filter(({ parent }) => parent === root);
  return [root, ...children.flatMap(({ pid }) => familyOf(pid, stats))];
}

/** Resident memory of one process in MB; 0 when it is gone. */
export function residentMb(pid: number): number {
  const status = readOrGone(`/proc/${pid}/status`);
  return status ? parseResidentKb(status) / 1_024 : 0;
}

/** The most memory that one process has had at any moment, in MB. */
export const mostResidentMb = (pid: number): number =>
  parseResidentKb(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmHWM') / 1_024;

function readOrGone(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
