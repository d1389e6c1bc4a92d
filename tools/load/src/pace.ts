import { setTimeout as pause } from 'node:timers/promises';

/** More than this are not begun: a deployment that has stopped to answer must not fill the memory of who asks. */
const MOST_UNDER_WAY = 2_000;

export interface Pace {
  perSecond: number;
  seconds: number;
  random: () => number;
  signal: AbortSignal;
  onDropped: () => void;
}

/** Begins work at random moments, so many a second on average, whether earlier work has ended or not; each learns when it was due. */
export async function openLoop(pace: Pace, work: (dueAt: number) => Promise<void>): Promise<void> {
  const { perSecond, seconds, random, signal, onDropped } = pace;
  const underWay = new Set<Promise<void>>();
  const startedAt = performance.now();
  for (let at = 0; ;) {
    at -= (Math.log(1 - random()) / perSecond) * 1_000;
    if (at > seconds * 1_000) break;
    await pause(Math.max(0, startedAt + at - performance.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    if (underWay.size >= MOST_UNDER_WAY) {
      onDropped();
      continue;
    }
    const one: Promise<void> = work(startedAt + at).finally(() => underWay.delete(one));
    underWay.add(one);
  }
  await Promise.all(underWay);
}
