import { readdirSync, readFileSync } from 'node:fs';

const NANOSECONDS_PER_MS = 1_000_000;

/** The CPU milliseconds that all threads of a process have used so far, as Linux counts them, by the nanosecond. */
export function cpuMsOf(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    nanoseconds += Number(readOrGone(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]);
  return nanoseconds / NANOSECONDS_PER_MS;
}

/** A thread may end between being listed and being read. */
function readOrGone(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '0';
  }
}
