import { paths } from '../src/access/paths.js';
import { openScene, type Scene } from '../src/access/scene.js';
import { accessTable, VIEWERS } from '../src/access/table.js';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';

describe('Who may see what', () => {
  let network: InProcessNetwork;
  let scene: Scene;
  let cells = 0;

  beforeAll(async () => {
    network = await startInProcess({ extra: { gateway: { EMAIL_VERIFICATION: 'off', RATE_LIMIT_FACTOR: '1000' } } });
    scene = await openScene(network);
  }, 120_000);
  afterAll(async () => {
    process.stderr.write(`who may see what: ${cells} cells were asked\n`);
    await network?.stop();
  });

  it.each(accessTable)('of $object, $author account', async ({ object, author, sees }) => {
    const wrong: string[] = [];
    const ways = paths[object]!;
    for (const viewer of VIEWERS) {
      const question = { scene, viewer, author, client: scene.clientOf(viewer, author), things: scene.authors[author] };
      for (const { fields, acts, notForModerators, sees: tries } of ways) {
        cells++;
        const does = await tries(question).catch((error: unknown) => String(error));
        const may = sees[viewer] && !(acts && viewer === 'anonymous') && !(notForModerators && viewer === 'moderator');
        if (does !== may) wrong.push(`${viewer} by ${fields.join(', ')}: ${does}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
