import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '../../../tools/stack/stack.mjs';
import { explore } from '../../post/test/feed-truth/archipelago.js';
import { openStage, type OpenStage } from '../../post/test/feed-truth/stage.js';

const STEPS = Number(process.env.FEED_STEPS ?? 10_000);
const SEED = Number(process.env.FEED_SEED ?? 1);
const LIMIT_MS = 60 * 60_000;

describe('The home feed of everybody', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fowergram-feeds-'));
  let stack: Awaited<ReturnType<typeof startStack>>;
  let stage: OpenStage;

  beforeAll(async () => {
    const what = 'The drill of feeds';
    stack = await startStack({ dataDir: join(folder, 'stack'), stores: ['postgres'], durable: false, what });
    process.env.TEST_DATABASE_URL = stack.postgres.url;
    stage = await openStage();
  });

  afterAll(async () => {
    await stage?.close();
    await stack?.destroy();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it(
    'is what one plain statement over the truth says, after each of 10,000 random steps of users, posts, caches and processes',
    async () => {
      const startedAt = Date.now();
      const slowestMs = await explore(stage, { seed: SEED, steps: STEPS });
      const seconds = Math.round((Date.now() - startedAt) / 1_000);
      process.stderr.write(
        `  ${STEPS} steps of seed ${SEED} in ${seconds} s: the slowest post took ${slowestMs} ms to all feeds\n`,
      );
    },
    LIMIT_MS,
  );
});
