import { postEvent, postRpc, preferenceRpc, tagRpc } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { block, relate, setAccount } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('Users in pictures', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  const at = (mediaId: string, userId: string, x = 0.5, y = 0.25) => ({ mediaId, userId, x, y });
  const tag = (postId: string, authorId: string, tags: object[]) =>
    world.call(tagRpc.set, { postId, authorId, tags: tags as ReturnType<typeof at>[] });
  const shownTo = async (viewerId: string | null, postId: string) => {
    const [found] = await world.call(tagRpc.ofPosts, { ids: [postId], viewerId });
    return { users: found?.tags.map(({ userId }) => userId) ?? [], own: found?.viewerState ?? null };
  };
  const listOf = async (userId: string, viewerId: string | null) =>
    (await world.call(tagRpc.taggedPosts, { userId, viewerId })).edges.map(({ node }) => node.id);
  const published = async (event: typeof postEvent.tagged, post: string) =>
    (await world.published(event)).filter(({ postId }) => postId === post).flatMap(({ taggedIds }) => taggedIds);
  const own = (postId: string, userId: string) => ({ postId, userId });

  it('are shown where they are, are notified once, and have the post in their list', async () => {
    const [ann, bo, cy] = newUserIds(3) as [string, string, string];
    const post = await world.post(ann);
    const tags = [at(post.mediaIds[0]!, bo, 0, 1), at(post.mediaIds[0]!, ann, 0.75, 0.5)];
    for (let times = 0; times < 2; times++) expect((await tag(post.id, ann, tags)).id).toBe(post.id);
    const [found] = await world.call(tagRpc.ofPosts, { ids: [post.id, newId()], viewerId: cy });
    expect(found).toEqual({ postId: post.id, tags, viewerState: null });
    expect(await published(postEvent.tagged, post.id)).toEqual([bo]);
    expect([await listOf(bo, cy), await listOf(ann, null)]).toEqual([[post.id], [post.id]]);
    await tag(post.id, ann, []);
    expect([await shownTo(cy, post.id), await listOf(bo, cy)]).toEqual([{ users: [], own: null }, []]);
    expect(await published(postEvent.untagged, post.id)).toEqual([bo]);
  });

  it('who want to be asked are shown once they have approved', async () => {
    const [ann, bo, cy] = newUserIds(3) as [string, string, string];
    await world.call(preferenceRpc.update, { userId: bo, approvesTags: true });
    const post = await world.post(ann);
    await tag(post.id, ann, [at(post.mediaIds[0]!, bo)]);
    for (const viewer of [ann, cy, null]) expect(await shownTo(viewer, post.id)).toEqual({ users: [], own: null });
    expect([await shownTo(bo, post.id), await listOf(bo, cy)]).toEqual([{ users: [], own: 'PENDING' }, []]);
    for (let times = 0; times < 2; times++) await world.call(tagRpc.approve, own(post.id, bo));
    expect([await shownTo(cy, post.id), await listOf(bo, cy)]).toEqual([{ users: [bo], own: null }, [post.id]]);
    await expect(world.call(tagRpc.approve, own(post.id, cy))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const ofBo = await world.post(bo);
    await tag(ofBo.id, bo, [at(ofBo.mediaIds[0]!, bo)]);
    expect(await shownTo(cy, ofBo.id)).toEqual({ users: [bo], own: null });
  });

  it('who remove themselves are gone for good, also from a post that they do not see any more', async () => {
    const [ann, bo, cy] = newUserIds(3) as [string, string, string];
    const post = await world.post(ann);
    const tags = [at(post.mediaIds[0]!, bo)];
    await tag(post.id, ann, tags);
    await setAccount(world, ann, { isPrivate: true });
    await relate(world, cy, ann, { follows: true });
    expect(await shownTo(cy, post.id)).toEqual({ users: [bo], own: null });
    for (let times = 0; times < 2; times++) await world.call(tagRpc.remove, own(post.id, bo));
    for (const again of [tags, [], tags]) await tag(post.id, ann, again);
    expect([await shownTo(cy, post.id), await shownTo(bo, post.id)]).toEqual([
      { users: [], own: null },
      { users: [], own: 'REMOVED' },
    ]);
    await expect(world.call(tagRpc.approve, own(post.id, bo))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(world.call(tagRpc.remove, own(post.id, cy))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are not shown to anybody while a block is between them and the author, or their account is hidden', async () => {
    const [ann, bo, cy, di] = newUserIds(4) as [string, string, string, string];
    const post = await world.post(ann);
    await tag(post.id, ann, [at(post.mediaIds[0]!, bo), at(post.mediaIds[0]!, di)]);
    await block(world, bo, ann);
    await setAccount(world, di, { hidden: true });
    expect([await shownTo(cy, post.id), await listOf(bo, cy)]).toEqual([{ users: [], own: null }, []]);
    await block(world, bo, ann, false);
    expect([await shownTo(cy, post.id), await listOf(bo, cy)]).toEqual([{ users: [bo], own: null }, [post.id]]);
  });

  it('have a list of what the viewer may see, and of a private account only followers', async () => {
    const [ann, bo, cy] = newUserIds(3) as [string, string, string];
    const posts = [];
    for (const audience of ['PUBLIC', 'FOLLOWERS'] as const) {
      const post = await world.post(ann, { audience });
      await tag(post.id, ann, [at(post.mediaIds[0]!, bo)]);
      posts.push(post.id);
    }
    expect(await listOf(bo, cy)).toEqual([posts[0]]);
    expect(await published(postEvent.tagged, posts[1]!)).toEqual([]);
    await relate(world, cy, ann, { follows: true });
    expect(await listOf(bo, cy)).toEqual([posts[1], posts[0]]);
    await setAccount(world, bo, { isPrivate: true });
    expect(await listOf(bo, cy)).toEqual([]);
    await relate(world, cy, bo, { follows: true });
    expect(await listOf(bo, cy)).toEqual([posts[1], posts[0]]);
  });

  it('are tagged by the author alone, in the own pictures, each once in a picture and twenty in all', async () => {
    const [ann, bo] = newUserIds(2) as [string, string];
    const post = await world.post(ann);
    const media = post.mediaIds[0]!;
    const badInput = (...path: (string | number)[]) => ({
      code: 'BAD_USER_INPUT',
      details: { path: ['tags', ...path] },
    });
    await expect(tag(post.id, bo, [at(media, bo)])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(tag(post.id, ann, [at(newId(), bo)])).rejects.toMatchObject(badInput(0, 'mediaId'));
    await expect(tag(post.id, ann, [at(media, bo), at(media, bo)])).rejects.toMatchObject(badInput(1, 'userId'));
    await expect(tag(post.id, ann, [at(media, bo, 1.01)])).rejects.toMatchObject(badInput(0, 'x'));
    await expect(tag(post.id, ann, [at(media, bo, 0, -0.01)])).rejects.toMatchObject(badInput(0, 'y'));
    const crowd = newUserIds(21).map((userId) => at(media, userId));
    await expect(tag(post.id, ann, crowd)).rejects.toMatchObject(badInput(20));
    const [gone] = newUserIds(1) as [string];
    world.users.hidden.add(gone);
    await expect(tag(post.id, ann, [at(media, bo), at(media, gone)])).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['tags', 1, 'userId'] },
    });
    expect(await shownTo(ann, post.id)).toEqual({ users: [], own: null });
  });

  it('are erased with the author, with the tagged user, and with the post', async () => {
    const [ann, bo, cy] = newUserIds(3) as [string, string, string];
    const [annsPost, bosPost] = [await world.post(ann), await world.post(bo)];
    await tag(annsPost.id, ann, [at(annsPost.mediaIds[0]!, bo), at(annsPost.mediaIds[0]!, cy)]);
    await tag(bosPost.id, bo, [at(bosPost.mediaIds[0]!, cy)]);
    await world.deliver(userEvent.accountDeleted, { userId: bo });
    await eventually(() => world.users.erased.includes(bo));
    const left = await world.call(tagRpc.ofPosts, { ids: [annsPost.id, bosPost.id], viewerId: null });
    expect(left).toEqual([{ postId: annsPost.id, tags: [at(annsPost.mediaIds[0]!, cy)], viewerState: null }]);
    expect(await world.call(postRpc.byIds, { ids: [annsPost.id], viewerId: null })).toHaveLength(1);
  });
});
