import { jest } from '@jest/globals';
import { type Comment, postRpc } from '@fowergram/contracts-post';
import { userRpc } from '@fowergram/contracts-user';
import { Batch } from '../../src/api/context/batch.js';
import type { RequestContext } from '../../src/api/context/request-context.js';
import { CommentsResolver } from '../../src/comments/comments.resolver.js';
import { UsersResolver } from '../../src/users/users.resolver.js';
import { aComment, answerComments } from '../support/comments.js';
import { cursorIn } from '../support/cursors.js';
import { aPost, aProfile, aRelationship } from '../support/models.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

const USER = `followerCount followingCount a: postCount b: postCount
  c: relationship { following } d: relationship { following }`;
const LIST = `edges { node { ${USER} } }`;

/** A promise for each field of each item of a long list took the gateway a tenth of a second. */
describe('The fields of long lists', () => {
  const profiles = Array.from({ length: 3 }, () => aProfile());
  const ids = profiles.map(({ id }) => id);
  const page = <N>(nodes: N[]) => ({
    edges: nodes.map((node, i) => ({ cursor: `c${i}`, node })),
    hasNextPage: false,
  });
  const get = jest.spyOn(Batch.prototype, 'get');
  let world: World;
  let viewer: TestUser;

  beforeAll(async () => {
    world = await openWorld();
    viewer = await world.signUp();
    for (const profile of profiles) world.profiles.set(profile.id, profile);
    await world.answer(postRpc.homeFeed, () => page([aPost({ authorId: ids[0]! })]));
    await world.answer(postRpc.likers, () => page(ids));
    await world.answer(userRpc.followers, () => page(ids));
    await world.answer(userRpc.following, () => page(ids));
    await answerComments(world, ({ postId }) => page(ids.map((authorId) => aComment({ authorId, postId }))));
    await world.answer(userRpc.countsByIds, ({ ids: asked }) =>
      asked.map((userId) => ({ userId, followerCount: 1, followingCount: 2 })),
    );
    await world.answer(postRpc.countsByAuthors, ({ authorIds }) =>
      authorIds.map((authorId) => ({ authorId, postCount: 3 })),
    );
    await world.answer(userRpc.relationships, ({ userIds }) =>
      userIds.map((userId) => aRelationship({ userId, following: true })),
    );
  });
  afterAll(() => world?.close());
  beforeEach(() => jest.clearAllMocks());

  it.each([
    ['followers', `{ me { followers { ${LIST} } } }`],
    ['those whom somebody follows', `{ me { following { ${LIST} } } }`],
    ['likers', `{ homeFeed { edges { node { likedBy { ${LIST} } } } } }`],
    ['authors of posts', `{ homeFeed { edges { node { author { ${USER} } } } } }`],
    [
      'authors of comments',
      `{ homeFeed { edges { node { comments { edges { node { author { ${USER} } post { id } } } } } } } }`,
    ],
  ])('are at hand when the engine asks for them: %s', async (_name, query) => {
    const { errors } = await world.gql(query, {}, { as: viewer });
    expect(errors).toBeUndefined();
    const promised = get.mock.results.flatMap(({ value }, call) =>
      value instanceof Promise ? [[get.mock.contexts[call], get.mock.calls[call]![0]] as const] : [],
    );
    const once = new Map(promised.map(([batch]) => [batch, new Set<string>()]));
    for (const [batch, id] of promised) once.get(batch)!.add(id);
    expect(promised.length).toBeGreaterThan(0);
    expect(promised.length).toBe([...once.values()].reduce((sum, ids) => sum + ids.size, 0));
  });

  it('are looked up together where they are first comments of posts, whose next pages are of one post', async () => {
    world.clearCalls();
    await world.answer(postRpc.homeFeed, () => page(ids.map((authorId) => aPost({ authorId }))));
    await world.answer(postRpc.byIds, ({ ids: asked }) => asked.map((id) => aPost({ id, authorId: ids[0]! })));
    const inFeed = 'a: comments(first: 20) { edges { cursor } } b: comments { edges { cursor } }';
    const posts = ids.map(
      (id, index) => `p${index}: post(id: "post_${id}") { comments(first: 2) { edges { cursor } } }`,
    );
    const owner = `post_${ids[0]}`;
    const after = cursorIn({ name: 'Post.comments', viewer, owner }, 'c0');
    const later = `later: post(id: "${owner}") { comments(after: "${after}") { edges { cursor } } }`;
    const query = `{ homeFeed { edges { node { ${inFeed} } } } ${posts.join(' ')} ${later} }`;
    const { errors } = await world.gql(query, {}, { as: viewer });
    expect(errors).toBeUndefined();
    const asked = world.callsOf(postRpc.commentsOfPosts).map(({ input }) => [input.first, input.postIds.length]);
    expect(asked.sort()).toEqual([
      [2, 3],
      [20, 3],
    ]);
    expect(world.callsOf(postRpc.comments)).toHaveLength(1);
  });

  it('are no promises when what they show is known', () => {
    const known = new Batch<object>({ fetch: () => Promise.resolve([]), idOf: () => profiles[0]!.id, max: 1 });
    known.prime({ followerCount: 1, followingCount: 2, postCount: 3 });
    const context = { loaders: { counts: known, postCounts: known, posts: known } } as unknown as RequestContext;
    const users = new UsersResolver();
    const counts = [users.followerCount, users.followingCount, users.postCount].map((field) =>
      field.call(users, profiles[0]!, {}, context),
    );
    expect(counts).toEqual([1, 2, 3]);
    const post = new CommentsResolver().post({ postId: profiles[0]!.id } as Comment, {}, context);
    expect(post).toMatchObject({ postCount: 3 });
  });
});
