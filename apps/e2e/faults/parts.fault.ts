import { readFileSync } from 'node:fs';
import { type Network, startNetwork } from '../src/network.js';
import type { GraphqlAnswer } from '../src/app-client.js';
import { postPhoto, signUpTestUser, type TestUser } from '../src/test-users.js';
import { flushRedis } from './flush-redis.js';

const READERS = 20;
/** The deadline of a read, and as much again for a machine that is busy. */
const WITHIN_MS = 4_000;
const READ = `query ($id: ID!) {
  me { username }
  post(id: $id) { caption media { status } comments { edges { node { text } } } }
  unreadNotificationCount
}`;

interface Line {
  time: string;
  level: number;
  msg: string;
  err?: { code?: string };
}

describe('a network of which a part fails', () => {
  let network: Network;

  beforeAll(async () => {
    network = await startNetwork();
  }, 120_000);
  afterAll(() => network?.stop(), 60_000);

  describe('while the user service is frozen', () => {
    let ann: TestUser;
    let postId: string;
    const texts = ['first', 'second', 'third'];
    const read = () => ann.client.answer(READ, { id: postId });

    beforeAll(async () => {
      ann = await signUpTestUser(network, 'ann');
      postId = await postPhoto(ann, 'A day at the sea');
      for (const text of texts)
        await ann.client.request('mutation ($input: CreateCommentInput!) { createComment(input: $input) { id } }', {
          input: { postId, text },
        });
      expect((await read()).errors).toBeUndefined();
    }, 60_000);
    afterAll(() => network?.services.user.kill('SIGCONT'));

    it('answers everything else in time, names what is missing, and fills no log', async () => {
      const from = readFileSync(network.services.gateway.logFile).length;
      const startedAt = Date.now();
      await network.services.user.kill('SIGSTOP');
      const answers: GraphqlAnswer<unknown>[] = [];
      for (let round = 0; round < 3; round++) {
        const askedAt = Date.now();
        answers.push(...(await Promise.all(Array.from({ length: READERS }, read))));
        expect(Date.now() - askedAt).toBeLessThan(WITHIN_MS);
      }
      await network.services.user.kill('SIGCONT');

      for (const { data, errors } of answers) {
        expect(data).toEqual({
          me: null,
          post: {
            caption: 'A day at the sea',
            media: [{ status: 'READY' }],
            comments: { edges: texts.toReversed().map((text) => ({ node: { text } })) },
          },
          unreadNotificationCount: 0,
        });
        expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['me'], 'UNAVAILABLE']]);
      }
      const lines = linesOf(network, from);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.filter(({ msg }) => msg === 'unhandled rejection')).toEqual([]);
      const seconds = (Date.now() - startedAt) / 1_000;
      expect(kindsOf(lines).filter(([, count]) => count > seconds + 1)).toEqual([]);
      expect((await read()).errors).toBeUndefined();
    }, 60_000);
  });

  it('opens no session again that was ended, after Redis was flushed and the gateway was killed', async () => {
    const [ann, bo] = [await signUpTestUser(network, 'ann'), await signUpTestUser(network, 'bo')];
    const ended = ann.client.token!;
    await network.client().signIn(ann.email, ann.password);
    expect(await statusWith(network, ended)).toBe(200);
    const signOut = await fetch(`${network.url}/auth/signout`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ended}` },
    });
    expect(signOut.status).toBe(200);
    await flushRedis(network);
    await network.services.gateway.kill('SIGKILL');
    await network.services.gateway.start();
    expect([await statusWith(network, ended), await statusWith(network, bo.client.token!)]).toEqual([401, 200]);
  }, 60_000);
});

/** What a service has logged since its file had this length. */
const linesOf = ({ services }: Network, from: number): Line[] =>
  readFileSync(services.gateway.logFile)
    .subarray(from)
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

/** How many lines there are of each kind. */
function kindsOf(lines: Line[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { level, msg, err } of lines) {
    const kind = `${level} ${msg} ${err?.code ?? ''}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts];
}

const statusWith = async ({ url }: Network, token: string): Promise<number> =>
  (
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ me { id } }' }),
    })
  ).status;
