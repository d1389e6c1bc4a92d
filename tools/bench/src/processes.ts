import { setTimeout as pause } from 'node:timers/promises';
import { familyMicroseconds, readStats } from './proc.js';

/** Names the processes that are measured; a store's children count with it. */
export type Watched = Readonly<Record<string, number>>;
export type CpuByProcess = Record<string, number>;

/** CPU microseconds so far of every watched process. */
export function cpuNow(watched: Watched): CpuByProcess {
  const stats = readStats();
  return Object.fromEntries(Object.entries(watched).map(([name, pid]) => [name, familyMicroseconds(pid, stats)]));
}

/** the CPU time since `before`. */
export function cpuSince(before: CpuByProcess, now: CpuByProcess): CpuByProcess {
  return Object.fromEntries(Object.keys(now).map((name) => [name, now[name]! - (before[name] ?? 0)]));
}

export function sum(cpu: CpuByProcess): number {
  return Object.values(cpu).reduce((total, each) => total + each, 0);
}

const QUIET_SHARE_OF_A_CORE = 0.12;
const POLL_INTERVAL_MS = 250;

/**
 * Waits until the processes have done the work that the last round started, so that it is neither lost nor charged to the next
 * one. Returns how long that took.
 */
export async function untilQuiet(watched: Watched, withinMs = 15_000): Promise<number> {
  const began = Date.now();
  for (let before = cpuNow(watched); ;) {
    await pause(POLL_INTERVAL_MS);
    const now = cpuNow(watched);
    if (sum(cpuSince(before, now)) < POLL_INTERVAL_MS * 1_000 * QUIET_SHARE_OF_A_CORE)
      return Math.max(0, Date.now() - began - POLL_INTERVAL_MS);
    if (Date.now() - began > withinMs) return Date.now() - began;
    before = now;
  }
}
