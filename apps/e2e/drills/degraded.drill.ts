import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import { createClient } from '@fowergram/client';
import { eventually } from '@fowergram/testing';
import { drift } from '../src/counter-audit.js';
import { type Cast, makePicture, operationNames, operations, type Outcome } from '../src/degraded/operations.js';
import { BreakableStores, type Mode, type Part } from '../src/degraded/parts.js';
import { type Network, startNetwork } from '../src/network.js';
import { postPhoto, signUpTestUser } from '../src/test-users.js';

const TIMEOUT_MS = 1_200_000;
const MENDED_WITHIN_MS = 60_000;

/** docs/operations.md has the table: what works while a part is broken. Its cells are compared with what happens. */
describe('A network of which one part is broken', () => {
  const stores = new BreakableStores();
  const rows: string[][] = [];
  let network: Network;
  let cast: Cast;

  beforeAll(async () => {
    network = await startNetwork({ extra: (started) => stores.variables(started) });
    const [ann, bo] = [await signUpTestUser(network, 'ann'), await signUpTestUser(network, 'bo')];
    const postId = await postPhoto(bo, 'A day at the sea');
    await ann.client.request('mutation ($userId: ID!) { followUser(userId: $userId) { following } }', {
      userId: bo.id,
    });
    const listening = createClient({ url: network.url, webSocket: WebSocket });
    await listening.session.signIn(bo.email, bo.password);
    cast = { ann, bo, postId, heard: new Set(), listening, pictures: [] };
    void listen(cast).catch(() => undefined);
    await eventually(async () => expect(await outcomes(cast)).toEqual(ALL_WELL), MENDED_WITHIN_MS);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await cast?.listening.close();
    await network?.stop();
    await stores.close();
  }, 60_000);

  it(
    'does what the table of docs/operations.md says, in time and with typed errors, and all of it once the part is back',
    async () => {
      for (const part of stores.parts())
        for (const mode of part.modes) {
          rows.push([part.name, mode, ...Object.values(await whileBroken(part, mode))]);
          process.stderr.write(`| ${rows.at(-1)!.join(' | ')} |\n`);
        }
      expect(rows.map(([part, mode]) => `${part} ${mode}`).sort()).toEqual([...documented().keys()].sort());
      expect(rows.flatMap(contradictions)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it('has lost no count when all is over', async () => {
    await eventually(async () => expect(await drift(network)).toEqual([]), MENDED_WITHIN_MS);
  }, 120_000);

  async function whileBroken(part: Part, mode: Mode): Promise<Record<string, Outcome>> {
    cast.pictures.push(await makePicture(cast.ann));
    await part.break(network, mode);
    const seen = await outcomes(cast).finally(() => part.mend(network, mode));
    await eventually(async () => {
      while (cast.pictures.length < 2) cast.pictures.push(await makePicture(cast.ann));
      expect(await outcomes(cast)).toEqual(ALL_WELL);
    }, MENDED_WITHIN_MS);
    return seen;
  }
});

const ALL_WELL = Object.fromEntries(operationNames.map((name) => [name, 'yes']));

async function outcomes(cast: Cast): Promise<Record<string, Outcome>> {
  while (cast.pictures.length < 1) cast.pictures.push(await makePicture(cast.ann));
  const each = async (name: (typeof operationNames)[number]) =>
    [name, await operations[name](cast).catch((error: unknown) => String(error) as Outcome)] as const;
  return Object.fromEntries(await Promise.all(operationNames.map(each)));
}

async function listen({ listening, heard }: Cast): Promise<void> {
  for await (const event of listening.notifications()) {
    const cards = event.kind === 'NEW' ? [event.notification] : event.notifications;
    for (const { comment } of cards) if (comment) heard.add(comment.text);
  }
}

/** What each word of the table allows to be seen. */
const ALLOWED: Record<string, readonly Outcome[]> = {
  yes: ['yes'],
  later: ['later', 'yes'],
  'while cached': ['yes', 'no'],
  no: ['no'],
};

function contradictions([part, mode, ...seen]: string[]): string[] {
  const cells = documented().get(`${part} ${mode}`)!;
  return seen.flatMap((outcome, index) =>
    ALLOWED[cells[index]!]?.includes(outcome as Outcome)
      ? []
      : [`${part} ${mode}, ${operationNames[index]}: ${outcome} instead of ${cells[index]}`],
  );
}

/** The cells of the table, by part and mode. */
function documented(): Map<string, string[]> {
  const page = readFileSync('docs/operations.md', 'utf8');
  const [, table] = /\| part +\| is[^\n]*\n\|[- |]+\|\n((?:\|[^\n]*\n)+)/.exec(page) ?? [];
  const rows = (table ?? '').trim().split('\n');
  return new Map(
    rows.map((line) => {
      const [part, mode, ...cells] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [`${part} ${mode}`, cells];
    }),
  );
}
