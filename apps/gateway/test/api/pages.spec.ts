import { z } from 'zod';
import type { Rpc } from '@fowergram/contracts-core';
import { notificationRpc } from '@fowergram/contracts-notification';
import {
  collectionRpc,
  hashtagRpc,
  postDiscoveryRpc,
  postRpc,
  repostRpc,
  saveRpc,
  tagRpc,
} from '@fowergram/contracts-post';
import { discoveryRpc, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { aComment, answerComments } from '../support/comments.js';
import { positionIn } from '../support/cursors.js';
import { aPost, aProfile } from '../support/models.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

const PAGE = 'edges { cursor } pageInfo { hasNextPage startCursor endCursor }';

/** One item of everybody who is hidden, with more behind it. */
const pageWith = <N>(node: N) => ({ edges: [{ cursor: 'behind-it', node }], hasNextPage: true });

/** A service sends what it has, which only the fakes of tests compare with the contract. */
const unchecked = <C extends Rpc>(contract: C): C => ({ ...contract, output: z.unknown() });

const aNotification = (recipientId: string) => ({
  id: newId(),
  kind: 'FOLLOW' as const,
  recipientId,
  actorIds: [newId()],
  actorCount: 1,
  postId: null,
  commentId: null,
  isRead: false,
  createdAt: '2026-11-21T09:30:00.000Z',
  updatedAt: '2026-11-21T09:30:00.000Z',
});

describe('A page of a list', () => {
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
      await world.answer(unchecked(contract), () => pageWith(aPost()));
    await answerComments(world, ({ postId }) => pageWith(aComment({ postId })));
    await world.answer(repostRpc.byAuthor, () => pageWith(aPost()));
    await world.answer(saveRpc.savedPosts, () => pageWith(aPost()));
    await world.answer(tagRpc.taggedPosts, () => pageWith(aPost()));
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
    await world.answer(unchecked(notificationRpc.list), () => pageWith(aNotification(viewer.id)));
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
    ['User.reposts', `{ owner: user(username: "${author.username}") { list: reposts { ${PAGE} } } }`],
    ['User.posts', `{ owner: user(username: "${author.username}") { list: posts { ${PAGE} } } }`],
    ['User.taggedPosts', `{ owner: user(username: "${author.username}") { list: taggedPosts { ${PAGE} } } }`],
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
  ])('of which the viewer may see nothing still says where %s goes on', async (_name, query) => {
    const { data, errors } = await world.gql(query, {}, { as: viewer });
    expect(errors).toBeUndefined();
    const { edges, pageInfo } = (data.owner ?? data).list;
    expect([edges, pageInfo.hasNextPage]).toEqual([[], true]);
    expect([pageInfo.startCursor, pageInfo.endCursor].map(positionIn)).toEqual(['behind-it', 'behind-it']);
  });

  it('that was looked for among what the viewer does not see goes on where that ended, shown something or nothing', async () => {
    const places = async (edges: { cursor: string; node: ReturnType<typeof aPost> }[]) => {
      await world.answer(unchecked(postDiscoveryRpc.explore), () => ({ edges, hasNextPage: true, next: 'looked-at' }));
      const { pageInfo } = (await world.gql(`{ list: explore { ${PAGE} } }`, {}, { as: viewer })).data.list;
      return [pageInfo.hasNextPage, positionIn(pageInfo.endCursor)];
    };
    expect(await places([])).toEqual([true, 'looked-at']);
    expect(await places([{ cursor: 'shown', node: aPost({ authorId: author.id }) }])).toEqual([true, 'looked-at']);
  });

  it('shows all others when one item has what the schema cannot show', async () => {
    const [kind, newKind] = ['LIKE' as const, 'OF_A_NEWER_SERVICE' as 'LIKE'];
    const likeOf = (given: object) => ({ ...aNotification(viewer.id), kind, actorIds: [author.id], ...given });
    const edgesOf = <N>(nodes: N[]) => ({
      edges: nodes.map((node, i) => ({ cursor: `c${i}`, node })),
      hasNextPage: false,
    });
    await world.answer(notificationRpc.list, () => edgesOf([likeOf({}), likeOf({ kind: newKind }), likeOf({})]));
    const posts = [aPost({ authorId: author.id }), aPost({ authorId: author.id, caption: null as never })];
    await world.answer(postRpc.homeFeed, () => edgesOf(posts));
    const shown = async (query: string) => {
      const { data, errors } = await world.gql(query, {}, { as: viewer });
      return [data.list.edges.length, data.list.pageInfo, errors?.length];
    };
    const pageInfo = { hasNextPage: false };
    const list = (fields: string) => `edges { node { ${fields} } } pageInfo { hasNextPage }`;
    expect(await shown(`{ list: notifications { ${list('kind')} } }`)).toEqual([2, pageInfo, undefined]);
    expect(await shown(`{ list: notifications { ${list('isRead')} } }`)).toEqual([3, pageInfo, undefined]);
    expect(await shown(`{ list: homeFeed { ${list('caption')} } }`)).toEqual([1, pageInfo, undefined]);
    // Where everything is broken, no answer says that there is nothing.
    await world.answer(notificationRpc.list, () => edgesOf([likeOf({ kind: newKind })]));
    const { data, errors } = await world.gql('{ notifications { edges { node { kind } } } }', {}, { as: viewer });
    expect([data.notifications, errors?.[0]?.extensions.code]).toEqual([null, 'INTERNAL']);
  });
});
