import { Island } from './feed-truth/island.js';
import { ABOUT_FULL_CACHES, plantedBugs } from './feed-truth/planted-bugs.js';
import { Truth } from './feed-truth/truth.js';
import { openWorld, type World } from './world.js';

const ISLANDS = 8;
const STEPS = 150;
const [FEW, MORE_THAN_A_CACHE_TAKES] = [12, 510];

describe('The comparison of feeds with the truth', () => {
  let world: World;
  let truth: Truth;
  let number = 0;

  beforeAll(async () => {
    world = await openWorld();
    world.users.pageSize = 2;
    truth = await Truth.open(world.databaseUrl);
  });

  afterAll(async () => {
    await truth?.close();
    await world?.close();
  });

  /** What is found first on some islands. */
  async function difference(oldPosts: number): Promise<string | undefined> {
    for (let tries = 0; tries < ISLANDS; tries++)
      try {
        await new Island({ world, truth }, ++number, number).run(STEPS, oldPosts);
      } catch (error) {
        return (error as Error).message;
      }
    return undefined;
  }

  it.each(Object.entries(plantedBugs))('finds that %s', async (bug, plant) => {
    const heal = plant(world.app);
    try {
      expect(await difference(bug === ABOUT_FULL_CACHES ? MORE_THAN_A_CACHE_TAKES : FEW)).toMatch(/^A feed differs/);
    } finally {
      heal();
    }
  });
});
