import { postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { aComment, answerComments } from '../support/comments.js';
import { connect } from '../support/socket.js';
import { aPost } from '../support/models.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

const MB = 1_000_000;
/** More often than it takes until a query is compiled. */
const TIMES = 4;
const FEED = (fields: string, first = 50) => `{ homeFeed(first: ${first}) { edges { node { ${fields} } } } }`;
/** What an app shows of a page. */
const SCREEN = `id caption likeCount commentCount createdAt author { username avatar { url } }
  media { id url(width: 640) blurhash width height altText } comments(first: 3) { edges { node { text author { username } } } }`;

describe('An answer', () => {
  let world: World;
  let ann: TestUser;
  let caption: string;

  beforeAll(async () => {
    world = await openWorld();
    ann = await world.signUp();
    const post = () => aPost({ authorId: ann.id, caption, mediaIds: Array.from({ length: 4 }, newId) });
    await world.answer(postRpc.homeFeed, ({ first }) => ({
      edges: Array.from({ length: first }, () => ({ cursor: newId(), node: post() })),
      hasNextPage: true,
    }));
    await answerComments(world, ({ postId, first }) => ({
      edges: Array.from({ length: first }, () => ({
        cursor: newId(),
        node: aComment({ postId, authorId: ann.id, text: caption }),
      })),
      hasNextPage: true,
    }));
    await world.answer(postRpc.like, ({ postId }) => aPost({ id: postId, authorId: ann.id, caption }));
  });
  beforeEach(() => (caption = 'A day at the sea, with friends and far too much sun #sun'.repeat(4)));
  afterAll(() => world?.close());

  /** Sends a query over HTTP as often as it takes until it is compiled, and over a socket: everybody gets the same. */
  async function everyAnswer(query: string) {
    const answers = [];
    for (let time = 0; time < TIMES; time++) answers.push(await world.gql(query, {}, { as: ann }));
    const socket = await connect(world, ann);
    const { data, errors } = await socket.run(query);
    await socket.close();
    return [...answers, { data: data[0], errors: errors.length > 0 ? errors : undefined }].map(({ data, errors }) => ({
      data,
      bytes: Buffer.byteLength(JSON.stringify({ data, errors })),
      error: errors?.[0],
      count: errors?.length ?? 0,
    }));
  }

  it('with a page of 50 posts as an app shows them comes whole', async () => {
    for (const { data, error, bytes } of await everyAnswer(FEED(SCREEN))) {
      expect([error, data?.homeFeed?.edges.length]).toEqual([undefined, 50]);
      expect(bytes).toBeLessThan(MB / 2);
    }
  });

  it.each<[string, string, string, string]>([
    ['texts of three bytes for a character', '界', FEED('caption', 100), 'fits'],
    ['texts of six bytes for a character', '\u0001', FEED('caption', 100), 'homeFeed.edges.node.caption'],
    ['the same text under 20 names', 'x', FEED(names('caption', 20)), 'homeFeed.edges.node'],
    ['long names for short values', 'x', FEED(names('likeCount', 30, 'n'.repeat(90)), 100), 'fits'],
    [
      'comments of comments',
      '界',
      FEED('comments(first: 5) { edges { node { text } } }'),
      'homeFeed.edges.node.comments',
    ],
  ])('of %s is at most 1 MB, or says what to ask less of', async (_name, character, query, part) => {
    caption = character.repeat(2_200);
    for (const { data, bytes, error, count } of await everyAnswer(query)) {
      expect(bytes).toBeLessThan(MB);
      if (part === 'fits') expect([count, data.homeFeed.edges.length]).toEqual([0, 100]);
      else expect([data, count, error?.extensions]).toEqual([null, 1, expect.objectContaining(TOO_LARGE)]);
      if (part !== 'fits') expect(error?.message).toContain(`most of it at ${part}`);
    }
  });

  it('that needs more than 2 MB from the services stops asking them', async () => {
    caption = '\u0001'.repeat(2_200);
    const query = FEED('id comments(first: 15) { edges { node { id } } }');
    for (const { data, bytes, error, count } of await everyAnswer(query)) {
      expect([data, count, error?.extensions]).toEqual([null, 1, expect.objectContaining(TOO_LARGE)]);
      expect(bytes).toBeLessThan(1_000);
      expect(error?.message).toMatch(/2 MB.+most of it at homeFeed.edges.node.comments/);
    }
    world.clearCalls();
    // The comments of thirteen posts are one look-up, after which no other is made.
    await world.gql(query, {}, { as: ann });
    expect(world.callsOf(postRpc.commentsOfPosts)).toHaveLength(1);
  });

  it('is put together by twenty look-ups at a time, a page of 100 items counted as five', async () => {
    let running = 0;
    let most = 0;
    await world.answer(postRpc.likers, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return { edges: [], hasNextPage: false };
    });
    for (const [first, parallel] of [
      [20, 20],
      [40, 10],
    ] as const) {
      most = 0;
      const query = FEED(`likedBy(first: ${first}) { pageInfo { endCursor } }`);
      expect((await world.gql(query, {}, { as: ann })).data.homeFeed.edges).toHaveLength(50);
      expect([first, most > 1, most <= parallel]).toEqual([first, true, true]);
    }
  });

  it('of a mutation that is too large says that the change was made', async () => {
    caption = '\u0001'.repeat(2_200);
    world.clearCalls();
    const query = `mutation { likePost(postId: "post_${newId()}") { comments(first: 100) { edges { node { text } } } } }`;
    for (const { data, error } of await everyAnswer(query)) {
      expect([data, error?.extensions]).toEqual([null, expect.objectContaining(TOO_LARGE)]);
      expect(error?.message).toContain('What a mutation has changed stays changed.');
    }
    expect(world.callsOf(postRpc.like)).toHaveLength(TIMES + 1);
  });
});

const TOO_LARGE = { code: 'BAD_USER_INPUT', reason: 'ANSWER_TOO_LARGE' };

function names(field: string, count: number, prefix = 'a'): string {
  return Array.from({ length: count }, (_none, index) => `${prefix}${index}: ${field}`).join(' ');
}
