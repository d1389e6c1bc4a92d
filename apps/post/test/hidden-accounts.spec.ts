import { postRpc } from '@fowergram/contracts-post';
import type { AccountStatus } from '@fowergram/contracts-user';
import { oldPosts, oracle, readsFrom } from './feed-oracle.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('content of a hidden account', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const hide = (userId: string, status: AccountStatus = 'DEACTIVATED') => world.changeAccount(userId, status);
  const show = (userId: string) => world.changeAccount(userId, 'ACTIVE');

  /** Ann and bo with a post each, liked and commented by both; the viewer follows both and has a warm feed. */
  async function scene() {
    const [viewer, ann, bo] = newUserIds(3) as [string, string, string];
    for (const followee of [ann, bo]) world.users.follow(viewer, followee);
    const [ofAnn, ofBo] = [await world.post(ann), await world.post(bo)];
    const comments: Record<string, string> = {};
    for (const userId of [ann, bo]) {
      for (const post of [ofAnn, ofBo]) {
        await world.call(postRpc.like, { postId: post.id, userId });
        comments[`${userId === ann ? 'ann' : 'bo'} on ${post === ofAnn ? 'ann' : 'bo'}`] = (
          await world.call(postRpc.createComment, { postId: post.id, authorId: userId, text: 'hi' })
        ).id;
      }
    }
    await world.feed(viewer);
    return { viewer, ann, bo, ofAnn, ofBo, comments };
  }

  /** Everything that can be read of a scene. */
  async function everything({ viewer, ann, ofAnn, ofBo, comments }: Awaited<ReturnType<typeof scene>>) {
    const [posts, byAuthor, feed, byNobody] = await Promise.all([
      world.call(postRpc.byIds, { ids: [ofAnn.id, ofBo.id], viewerId: viewer }),
      world.call(postRpc.byAuthor, { authorId: ann, viewerId: viewer }),
      world.feed(viewer, 1),
      world.call(postRpc.byIds, { ids: [ofAnn.id, ofBo.id], viewerId: null }),
    ]);
    const lists = await Promise.allSettled(
      [ofAnn.id, ofBo.id].flatMap((postId) => [
        world.call(postRpc.comments, { postId }),
        world.call(postRpc.likers, { postId }),
      ]),
    );
    return {
      posts: posts.map((post) => post.id).sort(),
      byNobody: byNobody.map((post) => post.id).sort(),
      byAuthor: byAuthor.edges.map((edge) => edge.node.id),
      feed,
      lists: lists.map((list) =>
        list.status === 'fulfilled'
          ? list.value.edges.map(({ node }) => (typeof node === 'string' ? node : node.id))
          : (list.reason as { code: string }).code,
      ),
      comments: (await world.call(postRpc.commentsByIds, { ids: Object.values(comments) }))
        .map((comment) => comment.id)
        .sort(),
    };
  }

  it.each(['DEACTIVATED', 'SUSPENDED', 'BANNED', 'DELETED'] as const)(
    'is shown nowhere while the account is %s, and everywhere again when it is ACTIVE',
    async (status) => {
      const there = await scene();
      const { ann, bo, ofBo, comments } = there;
      const before = await everything(there);
      expect(before.lists.flat()).toHaveLength(8);
      await hide(ann, status);
      expect(await everything(there)).toEqual({
        posts: [ofBo.id],
        byNobody: [ofBo.id],
        byAuthor: [],
        feed: [ofBo.id],
        lists: ['NOT_FOUND', 'NOT_FOUND', [comments['bo on bo']], [bo]],
        comments: [comments['bo on bo']],
      });
      await show(ann);
      expect(await everything(there)).toEqual(before);
    },
  );

  it('cannot be liked, unliked or commented, and its comments cannot be deleted by others', async () => {
    const { ann, bo, ofAnn, ofBo, comments } = await scene();
    await hide(ann);
    const nowhere = { code: 'NOT_FOUND', details: { path: ['postId'] } };
    const [carl] = newUserIds(1) as [string];
    await expect(world.call(postRpc.like, { postId: ofAnn.id, userId: carl })).rejects.toMatchObject(nowhere);
    await expect(world.call(postRpc.unlike, { postId: ofAnn.id, userId: bo })).rejects.toMatchObject(nowhere);
    await expect(
      world.call(postRpc.createComment, { postId: ofAnn.id, authorId: bo, text: 'hi' }),
    ).rejects.toMatchObject(nowhere);
    await expect(world.call(postRpc.deleteComment, { id: comments['bo on ann']!, userId: bo })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(world.call(postRpc.deleteComment, { id: comments['ann on bo']!, userId: bo })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await world.call(postRpc.byIds, { ids: [ofBo.id], viewerId: bo }))[0]).toMatchObject({
      likeCount: 2,
      commentCount: 2,
    });
    await show(ann);
    expect((await world.call(postRpc.byIds, { ids: [ofAnn.id], viewerId: bo }))[0]).toMatchObject({
      likeCount: 2,
      commentCount: 2,
      viewerHasLiked: true,
    });
  });

  it('is shown to its author and may be changed by them before the event of their reactivation arrives, and what they write now is seen later', async () => {
    const { ann, viewer, ofAnn, ofBo, comments } = await scene();
    await hide(ann);
    expect(await world.call(postRpc.byIds, { ids: [ofAnn.id], viewerId: ann })).toHaveLength(1);
    const next = await world.post(ann);
    expect(
      (await world.call(postRpc.byAuthor, { authorId: ann, viewerId: ann })).edges.map((edge) => edge.node.id),
    ).toEqual([next.id, ofAnn.id]);
    expect(await world.feed(ann)).toEqual([next.id, ofAnn.id]);
    await world.call(postRpc.like, { postId: next.id, userId: ann });
    await world.call(postRpc.unlike, { postId: ofBo.id, userId: ann });
    await world.call(postRpc.deleteComment, { id: comments['ann on bo']!, userId: ann });
    await world.untilIdle();
    expect(await world.feed(viewer)).toEqual([ofBo.id]);
    await show(ann);
    expect(await world.feed(viewer)).toEqual([next.id, ofBo.id, ofAnn.id]);
  });

  it('follows the newest version of the account, in whatever order and however often its events come', async () => {
    const { ann, ofAnn } = await scene();
    const isThere = async () => (await world.call(postRpc.byIds, { ids: [ofAnn.id], viewerId: null })).length === 1;
    const version = 1_000_000;
    for (const [status, at, expected] of [
      ['ACTIVE', 5, true],
      ['BANNED', 3, true],
      ['SUSPENDED', 8, false],
      ['ACTIVE', 7, false],
      ['SUSPENDED', 8, false],
      ['ACTIVE', 9, true],
      ['SUSPENDED', 8, true],
    ] as const) {
      await world.changeAccount(ann, status, version + at);
      expect([status, at, await isThere()]).toEqual([status, at, expected]);
    }
  });

  it('stays in warm feeds unseen, so that it is back where it was without a rebuild', async () => {
    const [viewer, ann, bo] = newUserIds(3) as [string, string, string];
    for (const followee of [ann, bo]) world.users.follow(viewer, followee);
    await oldPosts(world, [ann, bo], 60);
    await world.feed(viewer);
    const rebuilt = await readsFrom(world, 'rebuilt');
    await hide(ann);
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
    expect(await world.feed(viewer)).toHaveLength(30);
    await show(ann);
    expect(await world.feed(viewer)).toHaveLength(60);
    expect(await readsFrom(world, 'rebuilt')).toBe(rebuilt);
  });

  it('is left out of a feed that is built meanwhile, and shown in it when the account comes back', async () => {
    const [viewer, ann, bo] = newUserIds(3) as [string, string, string];
    for (const followee of [ann, bo]) world.users.follow(viewer, followee);
    await oldPosts(world, [ann, bo], 20);
    await hide(ann);
    expect(await world.feed(viewer, 3)).toEqual(await oracle(world, viewer));
    await show(ann);
    expect(await world.feed(viewer, 3)).toEqual(await oracle(world, viewer));
    expect(await world.feed(viewer)).toHaveLength(20);
  });

  it('costs a reader few steps when it fills their whole feed, cached or not', async () => {
    const [viewer, ann, bo] = newUserIds(3) as [string, string, string];
    for (const followee of [ann, bo]) world.users.follow(viewer, followee);
    await oldPosts(world, [bo], 5);
    await world.db.query(`update post set created_at = created_at - interval '1 day' where author_id = $1`, [bo]);
    await oldPosts(world, [ann], 3_000);
    await world.feed(viewer, 50);
    await hide(ann);
    const steps = async () =>
      (await readsFrom(world, 'cache')) + (await readsFrom(world, 'stored')) + (await readsFrom(world, 'rebuilt'));
    const before = await steps();
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
    expect((await steps()) - before).toBeLessThan(12);
    await world.redis.client.flushall();
    expect(await world.feed(viewer)).toEqual(await oracle(world, viewer));
  });

  it('is counted as before, also for its author', async () => {
    const { ann, ofAnn } = await scene();
    await hide(ann);
    await show(ann);
    expect(await world.call(postRpc.countsByAuthors, { authorIds: [ann] })).toEqual([{ authorId: ann, postCount: 1 }]);
    expect((await world.call(postRpc.byIds, { ids: [ofAnn.id], viewerId: null }))[0]).toMatchObject({
      likeCount: 2,
      commentCount: 2,
    });
  });

  it('is replaced on the page of a list by what comes after it', async () => {
    const [ann, calm, ...noisy] = newUserIds(7) as [string, string, ...string[]];
    const post = await world.post(ann);
    const shown = await world.call(postRpc.createComment, { postId: post.id, authorId: calm, text: 'first' });
    await world.call(postRpc.like, { postId: post.id, userId: calm });
    for (const userId of noisy) {
      await world.call(postRpc.createComment, { postId: post.id, authorId: userId, text: 'noise' });
      await world.call(postRpc.like, { postId: post.id, userId });
    }
    for (const userId of noisy) await hide(userId);
    for (const [list, node] of [
      [postRpc.comments, shown],
      [postRpc.likers, calm],
    ] as const)
      expect(await world.call(list, { postId: post.id, first: 2 })).toMatchObject({
        edges: [{ node }],
        hasNextPage: false,
      });
  });
});
