import { randomUUID } from 'node:crypto';
import { freePort } from '@fowergram/testing';
import { GrpcCaller } from '../../gateway/test/support/grpc.js';
import type { Path } from '../src/access/path.js';
import { paths } from '../src/access/paths.js';
import { openScene, type Scene } from '../src/access/scene.js';
import { accessTable, VIEWERS } from '../src/access/table.js';
import { nothingLike, unseen } from '../src/access/unseen.js';
import { addServiceKey } from '../src/service-keys.js';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';
import { noteSteps } from '../src/request-steps.js';

const partition = <T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] => [
  items.filter(isFirst),
  items.filter((item) => !isFirst(item)),
];

describe('Who may see what', () => {
  let network: InProcessNetwork;
  let scene: Scene;
  let cells = 0;

  beforeAll(async () => {
    const grpcPort = String(await freePort());
    const gateway = { EMAIL_VERIFICATION: 'off', RATE_LIMIT_FACTOR: '1000', GRPC_PORT: grpcPort };
    network = await startInProcess({ extra: { gateway } });
    scene = await openScene(network);
    scene.grpc = new GrpcCaller(`127.0.0.1:${grpcPort}`, await addServiceKey(network.databases.user!));
  }, 120_000);
  afterAll(async () => {
    scene?.grpc?.close();
    process.stderr.write(`who may see what: ${cells} cells were asked\n`);
    await network?.stop();
  });

  it.each(accessTable)('of $object, $author account', async ({ object, author, sees }) => {
    const wrong: string[] = [];
    const ways = paths[object]!;
    for (const viewer of VIEWERS) {
      const question = { scene, viewer, author, client: scene.clientOf(viewer, author), things: scene.authors[author] };
      const ask = async ({ fields, route, acts, notForModerators, sees: tries }: Path) => {
        cells++;
        const does = await tries(question).catch((error: unknown) => String(error));
        const may = sees[viewer] && !(acts && viewer === 'anonymous') && !(notForModerators && viewer === 'moderator');
        if (does !== may) wrong.push(`${viewer} by ${route ?? fields.join(', ')}: ${does}`);
      };
      // What only reads over REST is asked at once, so that the table does not take twice as long, and before anything is changed.
      const [atOnce, inTurn] = partition(ways, ({ route }) => route?.startsWith('GET ') ?? false);
      await Promise.all(atOnce.map(ask));
      for (const way of inTurn) await ask(way);
    }
    expect(wrong).toEqual([]);
  });

  it.each(unseen)('is answered with as many steps, and the same, as if there were nothing: $name', async (one) => {
    const client = scene.clientOf(one.viewer, one.author);
    const steps = noteSteps();
    const ask = async (id: string) => {
      const correlationId = randomUUID();
      const { data, errors } = await client.answer(one.query, { id }, { correlationId });
      const said = errors?.map(({ message, path, extensions: { code, path: field } }) => ({
        message,
        path,
        code,
        field,
      }));
      return { said: [data, said] as const, steps: steps.of(correlationId) };
    };
    try {
      const id = one.idOf(scene);
      const hidden = await ask(id);
      const [data, errors] = hidden.said;
      if (one.fails) expect(errors).toMatchObject([{ code: 'NOT_FOUND' }]);
      else expect(Object.values(data!)).toEqual([null]);
      expect(hidden).toEqual(await ask(nothingLike(id)));
      expect(hidden.steps.length).toBeGreaterThan(1);
    } finally {
      steps.stop();
    }
  });
});
