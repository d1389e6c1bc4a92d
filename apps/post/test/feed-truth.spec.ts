import { explore } from './feed-truth/archipelago.js';
import { SecondProcess } from './feed-truth/second-process.js';
import { Truth } from './feed-truth/truth.js';
import { openWorld, type World } from './world.js';

const STEPS = Number(process.env.FEED_STEPS ?? 60);
/** The same steps each time, but for what happens between processes; other seeds are for whoever looks for more. */
const SEED = Number(process.env.FEED_SEED ?? 1);

describe('The home feed of everybody', () => {
  let world: World;
  let second: SecondProcess;
  let truth: Truth;

  beforeAll(async () => {
    world = await openWorld();
    // Few users have many pages of followers.
    world.users.pageSize = 2;
    [second, truth] = [await SecondProcess.start(world), await Truth.open(world.databaseUrl)];
  });

  afterAll(async () => {
    await truth?.close();
    await second?.stop();
    await world?.close();
  });

  it('is what one plain statement over the truth says, after each of many random steps of users, posts, caches and processes', async () => {
    const slowestMs = await explore({ world, truth, second }, SEED, STEPS).catch((error: Error) => {
      throw new Error(`${error.message} Again: FEED_SEED=${SEED} npm test -- apps/post/test/feed-truth`, {
        cause: error,
      });
    });
    process.stderr.write(`  FEED_SEED=${SEED}: ${STEPS} steps, the slowest post took ${slowestMs} ms to all feeds\n`);
  }, 1_100_000);
});
