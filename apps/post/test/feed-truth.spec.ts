import { explore } from './feed-truth/archipelago.js';
import { openStage, type OpenStage } from './feed-truth/stage.js';

/** The same each time, but for what happens between processes. A drill takes more of them, of any seed. */
const [SEED, STEPS] = [1, 60];

describe('The home feed of everybody', () => {
  let stage: OpenStage;

  beforeAll(async () => void (stage = await openStage()));
  afterAll(() => stage?.close());

  it('is what one plain statement over the truth says, after each of some random steps of users, posts, caches and processes', async () => {
    const slowestMs = await explore(stage, { seed: SEED, steps: STEPS });
    process.stderr.write(`  ${STEPS} steps of seed ${SEED}: the slowest post took ${slowestMs} ms to all feeds\n`);
  }, 600_000);
});
