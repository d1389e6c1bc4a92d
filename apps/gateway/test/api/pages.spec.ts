import { notificationRpc } from '@fowergram/contracts-notification';
import { collectionRpc, hashtagRpc, postDiscoveryRpc, postRpc, saveRpc } from '@fowergram/contracts-post';
import { discoveryRpc, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { aComment, answerComments } from '../support/comments.js';
import { positionIn } from '../support/cursors.js';
import { aPost, aProfile, openWorld, type TestUser, type World } from '../support/world.js';

const PAGE = 'edges { cursor } pageInfo { hasNextPage startCursor endCursor }';

/** One item of everybody who is hidden, with more behind it. */
const pageWith = <N>(node: N) => ({ edges: [{ cursor: 'behind-it', node }], hasNextPage: true });

describe('A page of which the viewer may see nothing', () => {
  const author = aProfile();
  const post = `post_${newId()}`;
  let world: World;
  let viewer: TestUser;

  beforeAll(async () => {
    world = await openWorld();
    viewer = await world.signUp();
    world.profiles.set(author.id, author);
    await world.answer(postRpc.byIds, ({ ids }) => ids.map((id) => aPost({ id, authorId: author.id })));
    for (const contract of [
      postRpc.homeFeed,
      postRpc.byAuthor,
      hashtagRpc.posts,
      postDiscoveryRpc.explore,
      postDiscoveryRpc.search,
    ] as const)
      await world.answer(contract, () => pageWith(aPost()));
    await answerComments(world, ({ postId }) => pageWith(aComment({ postId })));
    await world.answer(saveRpc.savedPosts, () => pageWith(aPost()));
    await world.answer(collectionRpc.posts, () => pageWith(aPost()));
    await world.answer(collectionRpc.byIds, ({ ids, userId }) =>
      ids.map((id) => ({ id, ownerId: userId, name: 'Travel', createdAt: author.createdAt })),
    );
    await world.answer(postRpc.commentsByIds, () => []);
    for (const contract of [
      postRpc.likers,
      userRpc.followers,
      userRpc.following,
      userRpc.mutualFollows,
      discoveryRpc.search,
      discoveryRpc.suggestions,
      discoveryRpc.familiarFollowers,
    ] as const)
      await world.answer(contract, () => pageWith(newId()));
    await world.answer(notificationRpc.list, () =>
      pageWith({
        id: newId(),
        kind: 'FOLLOW' as const,
        recipientId: viewer.id,
        actorIds: [newId()],
        actorCount: 1,
        postId: null,
        commentId: null,
        isRead: false,
        createdAt: author.createdAt,
        updatedAt: author.createdAt,
      }),
    );
  });

  afterAll(() => world?.close());

  it('is asked for in the name of the viewer, or of nobody', async () => {
    const query = `{ post(id: "${post}") { comments { edges { cursor } } likedBy { edges { cursor } } } node(id: "comment_${newId()}") { id } }`;
    for (const as of [viewer, undefined]) {
      world.clearCalls();
      await world.gql(query, {}, { as });
      for (const contract of [postRpc.byIds, postRpc.commentsOfPosts, postRpc.likers, postRpc.commentsByIds])
        expect(world.callsOf(contract as typeof postRpc.byIds).map(({ input }) => input.viewerId)).toEqual([
          as?.id ?? null,
        ]);
    }
  });

  it.each([
    ['homeFeed', `{ list: homeFeed { ${PAGE} } }`],
    ['savedPosts', `{ list: savedPosts { ${PAGE} } }`],
    [
      'Collection.posts',
      `{ owner: node(id: "collection_${newId()}") { ... on Collection { list: posts { ${PAGE} } } } }`,
    ],
    ['User.posts', `{ owner: user(username: "${author.username}") { list: posts { ${PAGE} } } }`],
    ['User.followers', `{ owner: user(username: "${author.username}") { list: followers { ${PAGE} } } }`],
    ['User.following', `{ owner: user(username: "${author.username}") { list: following { ${PAGE} } } }`],
    ['User.mutualFollows', `{ owner: user(username: "${author.username}") { list: mutualFollows { ${PAGE} } } }`],
    ['searchUsers', `{ list: searchUsers(query: "ann") { ${PAGE} } }`],
    ['suggestedUsers', `{ list: suggestedUsers { ${PAGE} } }`],
    [
      'User.familiarFollowers',
      `{ owner: user(username: "${author.username}") { list: familiarFollowers { ${PAGE} } } }`,
    ],
    ['Hashtag.posts', `{ owner: hashtag(name: "sea") { list: posts(order: POPULAR) { ${PAGE} } } }`],
    ['explore', `{ list: explore { ${PAGE} } }`],
    ['searchPosts', `{ list: searchPosts(query: "sea") { ${PAGE} } }`],
    ['Post.comments', `{ owner: post(id: "${post}") { list: comments { ${PAGE} } } }`],
    ['Post.likedBy', `{ owner: post(id: "${post}") { list: likedBy { ${PAGE} } } }`],
    ['notifications', `{ list: notifications { ${PAGE} } }`],
  ])('still says where %s goes on', async (_name, query) => {
    const { data, errors } = await world.gql(query, {}, { as: viewer });
    expect(errors).toBeUndefined();
    const { edges, pageInfo } = (data.owner ?? data).list;
    expect([edges, pageInfo.hasNextPage]).toEqual([[], true]);
    expect([pageInfo.startCursor, pageInfo.endCursor].map(positionIn)).toEqual(['behind-it', 'behind-it']);
  });
});
