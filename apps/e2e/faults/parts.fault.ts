import { readFileSync } from 'node:fs';
import { postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { eventually, storm, TestMessaging } from '@fowergram/testing';
import { query } from '../../../tools/stack/postgres.mjs';
import { uploadPhoto } from '../src/actions.js';
import { drift } from '../src/counter-audit.js';
import { type Network, startNetwork } from '../src/network.js';
import type { GraphqlAnswer } from '../src/app-client.js';
import { drawPhoto } from '../src/photos.js';
import { postPhoto, signUpTestUser, type TestUser } from '../src/test-users.js';
import { flushRedis } from './flush-redis.js';
import { holdPost, startSecondPost } from './second-post.js';

const READERS = 20;
/** The deadline of a read, and as much again for a machine that is busy. */
const WITHIN_MS = 4_000;
/** What is promised of a scheduled post. */
const OUT_WITHIN_MS = 5_000;
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

  it('counts each like once where post is killed in a storm of likes and unlikes', async () => {
    const postId = await newPost(network, await signUpTestUser(network, 'ann'));
    const connection = await TestMessaging.open(network.stack.nats.urlOf('gateway'), 'gateway');
    let acknowledged = 0;
    const likes = storm(20, Array.from({ length: 300 }, newId).entries(), async ([index, userId]) => {
      await connection.call(postRpc.like, { postId, userId });
      if (index % 3 === 0) await connection.call(postRpc.unlike, { postId, userId });
      acknowledged++;
    });
    const kills = async () => {
      for (const enough of [60, 180]) {
        await eventually(() => acknowledged >= enough, 60_000);
        await network.services.post.kill('SIGKILL');
        await network.services.post.start();
      }
    };
    await Promise.all([likes, kills()]);
    const [shown] = await connection.call(postRpc.byIds, { ids: [postId], viewerId: null });
    expect([shown!.likeCount, await drift(network)]).toEqual([200, []]);
    await connection.close();
  }, 120_000);

  it('sends a scheduled post out once and in time where the process that has it in hand is killed', async () => {
    const ann = await signUpTestUser(network, 'ann');
    const [first, second] = [network.services.post, await startSecondPost(network)];
    try {
      const [id, publishAt] = await scheduledPost(network, ann);
      const held = await holdPost(network, id);
      await second.kill('SIGSTOP');
      await held.isWaitedFor();
      await second.kill('SIGCONT');
      await first.kill('SIGKILL');
      await held.letGo();
      const freeAt = Math.max(publishAt.getTime(), Date.now());
      const rows = () => query(network.databases.post!, OUT, [id]);
      await eventually(async () => expect(await rows()).toHaveLength(1), 30_000);
      await first.start();
      const [{ created_at: createdAt, events }] = (await rows()) as [{ created_at: Date; events: number }];
      expect(events).toBe(1);
      expect(createdAt.getTime()).toBeGreaterThanOrEqual(publishAt.getTime());
      // The test itself has held the post for as long as this machine needed to stop and to kill.
      expect(createdAt.getTime() - freeAt).toBeLessThan(OUT_WITHIN_MS);
      expect(await drift(network)).toEqual([]);
    } finally {
      await second.stop();
    }
  }, 120_000);
});

/** The id in the database of a new post of the user. */
async function newPost({ databases }: Network, user: TestUser): Promise<string> {
  const caption = `Everybody likes this. ${newId()}`;
  await postPhoto(user, caption);
  return idOf(databases.post!, caption);
}

const idOf = async (database: string, caption: string): Promise<string> =>
  ((await query(database, 'select id from post where caption = $1', [caption])) as [{ id: string }])[0].id;

/** The id in the database of a post that waits for its time, with that time. */
async function scheduledPost({ databases }: Network, { client }: TestUser): Promise<[string, Date]> {
  const caption = `Soon. ${newId()}`;
  const mediaId = await uploadPhoto(client, await drawPhoto({ seed: 1, width: 96, height: 64 }));
  const { saveDraft } = await client.request<{ saveDraft: { id: string } }>(
    'mutation ($input: SaveDraftInput!) { saveDraft(input: $input) { id } }',
    { input: { caption, mediaIds: [mediaId] } },
  );
  const publishAt = new Date(Date.now() + 4_000);
  await client.request(
    'mutation ($id: ID!, $publishAt: DateTime!) { schedulePost(id: $id, publishAt: $publishAt) { id } }',
    { id: saveDraft.id, publishAt: publishAt.toISOString() },
  );
  return [await idOf(databases.post!, caption), publishAt];
}

const OUT = `
  select created_at, (select count(*)::integer from outbox where subject = 'evt.post.created' and payload::text like '%' || $1 || '%') as events
  from post where id = $1::uuid and state = 'PUBLISHED'`;

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
