import { storm } from '@fowergram/testing';
import { Island, type Stage } from './island.js';

/** So many islands live at once: while one waits for its posts, the others go on. */
const CONCURRENCY = 4;
const STEPS_PER_ISLAND = 100;
/** One island in so many has more posts than a cache takes. */
const BIG_EVERY = 16;
const [MANY_POSTS, FEW_POSTS] = [520, 12];

export interface Journey {
  seed: number;
  steps: number;
}

/** Runs so many steps on one island after the other; answers how long a post was on its way at most. */
export async function explore(stage: Stage, { seed, steps }: Journey): Promise<number> {
  const count = Math.ceil(steps / STEPS_PER_ISLAND);
  let slowestMs = 0;
  await storm(CONCURRENCY, Array.from({ length: count }).keys(), async (number) => {
    const island = new Island(stage, number, seed);
    const old = number % BIG_EVERY === BIG_EVERY - 1 ? MANY_POSTS : FEW_POSTS;
    const taken = await island.run(Math.min(STEPS_PER_ISLAND, steps), old).catch((error: Error) => {
      const again = `FEED_SEED=${seed} FEED_STEPS=${steps} npm run test:drills -- apps/e2e/drills/feed-truth`;
      throw new Error(`${error.message}\nAgain: ${again}`, { cause: error });
    });
    slowestMs = Math.max(slowestMs, taken);
  });
  return slowestMs;
}
