import { AppError, notFound, type Rpc } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { notificationRpc } from '@fowergram/contracts-notification';
import { postRpc } from '@fowergram/contracts-post';
import { accountRpc, signInRpc, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { aComment, answerComments } from '../support/comments.js';
import { aPost, aProfile } from '../support/models.js';
import { type Answer, openWorld, type TestUser, type World } from '../support/world.js';

const page = <T extends { id: string }>(nodes: T[]) => ({
  edges: nodes.map((node) => ({ cursor: node.id, node })),
  hasNextPage: false,
});
/** One of each root field that has an owner. */
const ALL_PARTS = (username: string) => `{
  me { username } homeFeed { edges { cursor } } notifications { edges { cursor } } unreadNotificationCount
  user(username: "${username}") { username } post(id: "post_${newId()}") { caption }
  signInHistory { edges { cursor } } myAccount { role } mySessions { id }
}`;
/** A promise that nobody awaits and that fails is caught by jest, which then fails the test in which it was made. */
describe('An operation of which a part cannot be had', () => {
  let world: World;
  let ann: TestUser;
  let restore: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    world = await openWorld();
    ann = await world.signUp();
    await world.answer(postRpc.homeFeed, () => page(Array.from({ length: 20 }, () => aPost())));
    await world.answer(userRpc.followers, () => page([]));
    await answerComments(world, ({ postId }) => page(Array.from({ length: 5 }, () => aComment({ postId }))));
    await world.answer(postRpc.commentsByIds, ({ ids }) => ids.map((id) => aComment({ id })));
    await world.answer(notificationRpc.list, () =>
      page(
        Array.from({ length: 5 }, () => ({
          id: newId(),
          recipientId: ann.id,
          kind: 'LIKE' as const,
          actorIds: [newId()],
          actorCount: 1,
          postId: newId(),
          commentId: newId(),
          isRead: false,
          createdAt: '2026-11-21T09:30:00.000Z',
          updatedAt: '2026-11-21T09:30:00.000Z',
        })),
      ),
    );
  });
  afterAll(() => world?.close());
  beforeEach(() => world.clearCalls());
  afterEach(async () => {
    for (const each of restore) await each();
    restore = [];
  });

  async function replace<C extends Rpc>(contract: C, answer: Answer<C>): Promise<void> {
    const before = world.handlerOf(contract);
    restore.push(() => world.answer(contract, before));
    await world.answer(contract, answer);
  }
  const away = <C extends Rpc>(contract: C) =>
    replace(contract, () => {
      throw new AppError('UNAVAILABLE', 'away');
    });

  /** Takes requests and does not answer until the test is over, as a process that is stopped. */
  const frozen = <C extends Rpc>(contract: C) => {
    let thaw: () => void = () => undefined;
    const thawed = new Promise<void>((resolve) => (thaw = resolve));
    restore.push(async () => thaw());
    return replace(contract, async () => {
      await thawed;
      throw new AppError('UNAVAILABLE', 'thawed');
    });
  };

  const FEED =
    '{ homeFeed(first: 20) { edges { node { id caption media { id } comments { edges { node { text } } } } } } }';
  const EVERYTHING = `{
    homeFeed(first: 20) { edges { node {
      caption media { id } author { username avatar { id } followerCount postCount relationship { following } }
      comments { edges { node { text author { username } post { id } } } }
    } } }
    notifications { edges { node { kind actors { username } post { author { username } } comment { text post { id } } } } }
    me { username posts { edges { node { author { username } } } } followers { edges { node { username } } } }
  }`;

  it('is answered without it where the authors are not known, whom nobody asks for a second time', async () => {
    await away(userRpc.profilesByIds);
    const { data, errors } = await world.gql(FEED, {}, { as: ann });
    expect([data.homeFeed.edges.length, data.homeFeed.edges[0].node.comments.edges.length, errors]).toEqual([
      20,
      5,
      undefined,
    ]);
    // Those of the posts and of the comments under them: pages that arrive in the same moment are asked for together.
    const asked = world.callsOf(userRpc.profilesByIds).flatMap(({ input }) => input.ids);
    expect(asked.length).toBeGreaterThan(20);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('asks once for an author who is shown as well, and whose field fails', async () => {
    await away(userRpc.profilesByIds);
    const query =
      '{ homeFeed(first: 20) { edges { node { author { username } comments { edges { node { author { username } } } } } } } }';
    const { errors } = await world.gql(query, {}, { as: ann });
    expect(errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    const asked = world.callsOf(userRpc.profilesByIds).flatMap(({ input }) => input.ids);
    expect(asked.length).toBeGreaterThanOrEqual(20);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('tells of fifty failures, however many there are', async () => {
    const followers = Array.from({ length: 60 }, () => aProfile());
    for (const follower of followers) world.profiles.set(follower.id, follower);
    await replace(userRpc.followers, () => ({
      edges: followers.map(({ id }) => ({ cursor: id, node: id })),
      hasNextPage: false,
    }));
    await away(userRpc.relationships);
    const query = '{ me { followers(first: 60) { edges { node { relationship { following } } } } } }';
    for (let times = 0; times < 4; times++) expect((await world.gql(query, {}, { as: ann })).errors).toHaveLength(50);
  });

  it.each<[string, Rpc[], string]>([
    ['the feed', [postRpc.homeFeed], 'homeFeed'],
    ['the notifications', [notificationRpc.list], 'notifications'],
    ['the count of unread ones', [notificationRpc.unreadCount], 'unreadNotificationCount'],
    ['the profile', [userRpc.profilesByIds], 'me'],
    ['a user', [userRpc.profileByUsername], 'user'],
    ['a post', [postRpc.byIds], 'post'],
    ['the history of sign-ins', [signInRpc.list], 'signInHistory'],
    ['the state of the account', [accountRpc.state], 'myAccount'],
  ])('keeps all others while %s cannot be had, compiled or not', async (_name, contracts, part) => {
    await world.answer(signInRpc.list, () => page([]));
    await world.answer(signInRpc.bySessions, () => []);
    await replace(postRpc.byIds, ({ ids }) => ids.map((id) => aPost({ id, authorId: ann.id })));
    for (const contract of contracts) await away(contract);
    for (let times = 0; times < 4; times++) {
      const { status, data, errors } = await world.gql(ALL_PARTS(ann.username), {}, { as: ann });
      expect([status, errors?.map(({ path, extensions }) => [path?.[0], extensions.code])]).toEqual([
        200,
        [[part, 'UNAVAILABLE']],
      ]);
      expect(Object.entries(data as object).flatMap(([name, value]) => (value === null ? [name] : []))).toEqual([part]);
    }
  });

  it('shows a post that is deleted meanwhile without its comments and likes, and keeps the page that it is on', async () => {
    await replace(postRpc.commentsOfPosts, () => []);
    await replace(postRpc.likers, () => {
      throw notFound('post', ['postId']);
    });
    await replace(postRpc.homeFeed, () => page([aPost({ authorId: ann.id })]));
    const lists = 'comments { edges { cursor } } likedBy { edges { cursor } }';
    const { data, errors } = await world.gql(
      `{ homeFeed(first: 20) { edges { node { ${lists} } } } }`,
      {},
      { as: ann },
    );
    expect(errors).toBeUndefined();
    expect(data.homeFeed.edges[0].node).toEqual({ comments: { edges: [] }, likedBy: { edges: [] } });
  });

  it.each([
    ['user', [userRpc.profilesByIds, userRpc.countsByIds, userRpc.relationships]],
    ['media', [mediaRpc.byIds]],
    ['post', [postRpc.byIds, postRpc.countsByAuthors, postRpc.commentsOfPosts, postRpc.commentsByIds]],
    ['notification', [notificationRpc.list]],
  ] as [string, Rpc[]][])('leaves no failure unhandled while %s is away, compiled or not', async (_name, contracts) => {
    for (const contract of contracts) await away(contract);
    for (let times = 0; times < 4; times++) {
      const { errors } = await world.gql(EVERYTHING, {}, { as: ann });
      expect(errors?.every(({ extensions }) => extensions.code === 'UNAVAILABLE')).toBe(true);
    }
  });

  describe('whose owner is frozen', () => {
    const id = `post_${newId()}`;

    it('is answered without it, and keeps time for what comes after it', async () => {
      await frozen(userRpc.profilesByIds);
      const { data, errors } = await world.gql(
        `{ post(id: "${id}") { caption comments { edges { node { text } } } } }`,
      );
      expect([data.post.comments.edges.length, errors]).toEqual([5, undefined]);
    });

    it('fails in its field and keeps all others', async () => {
      for (const contract of [mediaRpc.byIds, userRpc.relationships]) await frozen(contract);
      const bo = aProfile({ avatarMediaId: newId() });
      world.profiles.set(bo.id, bo);
      const { status, data, errors } = await world.gql(
        `{ user(username: "${bo.username}") { username avatar { id } relationship { following } postCount } }`,
        {},
        { as: ann },
      );
      expect([status, data.user]).toEqual([
        200,
        { username: bo.username, avatar: null, relationship: null, postCount: 4 },
      ]);
      expect(errors?.map(({ path, extensions }) => [path, extensions.code]).sort()).toEqual([
        [['user', 'avatar'], 'UNAVAILABLE'],
        [['user', 'relationship'], 'UNAVAILABLE'],
      ]);
    });

    it('says UNAVAILABLE under the name of the frozen one', async () => {
      await frozen(userRpc.countsByIds);
      const { status, data, errors } = await world.gql(
        '{ unreadNotificationCount me { username followerCount } }',
        {},
        { as: ann },
      );
      expect([status, data, errors?.[0]]).toMatchObject([
        200,
        { unreadNotificationCount: 7, me: null },
        { message: 'The user service does not answer. Please try again.', path: ['me', 'followerCount'] },
      ]);
    });
  });

  describe('answered over HTTP', () => {
    const post = `post_${newId()}`;
    const statusOf = async (query: string) => {
      const { status, headers } = await world.gql(query, {}, { as: ann });
      return [status, headers.get('retry-after')];
    };

    it.each([
      ['a field that may be null', `{ post(id: "${post}") { id } }`],
      ['a field of everything that there is about a user', '{ me { id followerCount } }'],
      ['several fields', `{ a: post(id: "${post}") { id } b: post(id: "${post}") { caption } }`],
      ['a mutation', `mutation { likePost(postId: "${post}") { id } }`],
    ])('has status 503 with Retry-After when all of it fails for that: %s', async (_name, query) => {
      for (const contract of [postRpc.byIds, userRpc.profilesByIds, postRpc.like]) await away(contract);
      // From the third time on the engine compiles it.
      for (let times = 0; times < 4; times++) expect(await statusOf(query)).toEqual([503, '1']);
    });

    it('has status 200 when a part came', async () => {
      await away(postRpc.byIds);
      const query = `{ post(id: "${post}") { id } unreadNotificationCount }`;
      for (let times = 0; times < 4; times++) expect(await statusOf(query)).toEqual([200, null]);
    });

    it('has status 200 when it failed for another reason as well', async () => {
      await away(postRpc.byIds);
      expect(await statusOf(`{ post(id: "${post}") { id } other: post(id: "nonsense") { id } }`)).toEqual([200, null]);
    });

    it('has status 200 when a part of it was looked for and is not there', async () => {
      await away(postRpc.byIds);
      expect(await statusOf(`{ post(id: "${post}") { id } user(username: "nobody") { id } }`)).toEqual([200, null]);
    });
  });
});
