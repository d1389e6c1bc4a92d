import { storm } from '@fowergram/testing';
import { Island, type Stage } from './island.js';

/** So many islands live at once: while one waits for its posts, the others go on. */
const CONCURRENCY = 4;
const STEPS_PER_ISLAND = 100;
/** One island in so many has more posts than a cache takes. */
const BIG_EVERY = 16;

/** Runs so many steps on one island after the other; answers how long a post was on its way at most. */
export async function explore(stage: Stage, seed: number, steps: number): Promise<number> {
  const count = Math.ceil(steps / STEPS_PER_ISLAND);
  let slowestMs = 0;
  await storm(CONCURRENCY, Array.from({ length: count }).keys(), async (number) => {
    const island = new Island(stage, number, seed);
    const old = number % BIG_EVERY === BIG_EVERY - 1 ? 520 : 12;
    slowestMs = Math.max(slowestMs, await island.run(Math.min(STEPS_PER_ISLAND, steps), old));
  });
  return slowestMs;
}
