import {
  hashtagRpc,
  moderationRpc,
  postDiscoveryRpc,
  postLifeRpc,
  postRpc,
  preferenceRpc,
  preferencesVersion,
  repostRpc,
  tagRpc,
} from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { eventually } from '@fowergram/testing';
import { relate } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

const prefer = (userId: string, change: object) => world.call(preferenceRpc.update, { userId, ...change });

describe('The content preferences of a user', () => {
  it('are as nobody has changed them at first, and each is changed alone', async () => {
    const [ann] = newUserIds(1) as [string];
    const first = { userId: ann, altText: 'NONE', sensitiveMedia: 'BLUR', approvesTags: false };
    expect(await world.call(preferenceRpc.get, { userId: ann })).toEqual(first);
    await prefer(ann, { altText: 'REMIND' });
    await prefer(ann, { sensitiveMedia: 'HIDE', approvesTags: true });
    const changed = { userId: ann, altText: 'REMIND', sensitiveMedia: 'HIDE', approvesTags: true };
    expect(await world.call(preferenceRpc.get, { userId: ann })).toEqual(changed);
  });

  it('are changed by one of two who have read the same, though nothing was stored before', async () => {
    const [ann] = newUserIds(1) as [string];
    const expectedVersion = preferencesVersion(await world.call(preferenceRpc.get, { userId: ann }));
    const change = (altText: 'REMIND' | 'REQUIRE') => prefer(ann, { altText, expectedVersion });
    const both = await Promise.allSettled([change('REMIND'), change('REQUIRE')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(lost.reason).toMatchObject({ code: 'CONFLICT', details: { path: ['expectedVersion'], reason: 'VERSION' } });
    const now = await world.call(preferenceRpc.get, { userId: ann });
    const several = [expectedVersion, preferencesVersion(now)];
    await prefer(ann, { approvesTags: true, expectedVersion: several[0], expectedVersions: several });
    await expect(prefer(ann, { approvesTags: false, expectedVersions: several })).rejects.toMatchObject({
      details: { reason: 'VERSION' },
    });
  });

  it('are erased with the account, and nothing is stored in its name any more', async () => {
    const [ann] = newUserIds(1) as [string];
    await prefer(ann, { altText: 'REQUIRE' });
    await world.deliver(userEvent.accountDeleted, { userId: ann });
    await eventually(() => world.users.erased.includes(ann));
    expect(await world.call(preferenceRpc.get, { userId: ann })).toMatchObject({ altText: 'NONE' });
    await expect(prefer(ann, { altText: 'REQUIRE' })).rejects.toMatchObject({ details: { reason: 'ACCOUNT_DELETED' } });
  });

  it('refuse a post whose picture has no alt text where one is required, and leave the pictures free', async () => {
    const [ann] = newUserIds(1) as [string];
    await prefer(ann, { altText: 'REQUIRE' });
    const mediaIds = [world.media.add(ann), world.media.add(ann)];
    world.media.caption(mediaIds[0]!, 'A boat');
    const create = () => world.call(postRpc.create, { authorId: ann, caption: '', mediaIds });
    await expect(create()).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['mediaIds', 1], reason: 'ALT_TEXT_REQUIRED' },
    });
    expect((await world.call(postRpc.byAuthor, { authorId: ann, viewerId: ann })).edges).toEqual([]);
    world.media.caption(mediaIds[1]!, 'The sea');
    expect((await create()).mediaIds).toEqual(mediaIds);
    await prefer(ann, { altText: 'REMIND' });
    await world.post(ann);
  });
});

describe('A sensitive post', () => {
  it('has the words in front of it from its first answer on, and a warning makes it sensitive', async () => {
    const [ann, bo] = newUserIds(2) as [string, string];
    const post = await world.post(ann, { contentWarning: ' Blood ' });
    expect(post).toMatchObject({ isSensitive: true, contentWarning: 'Blood' });
    expect(await world.call(postRpc.byIds, { ids: [post.id], viewerId: bo })).toEqual([post]);
    expect(await world.post(ann, { isSensitive: true })).toMatchObject({ isSensitive: true, contentWarning: null });
    await expect(world.post(ann, { isSensitive: false, contentWarning: 'Blood' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['contentWarning'] },
    });
    await expect(world.post(ann, { contentWarning: 'x'.repeat(201) })).rejects.toMatchObject({
      details: { path: ['contentWarning'] },
    });
  });

  it('is marked later, too, and as a draft; what is not sensitive any more has no warning', async () => {
    const [ann] = newUserIds(1) as [string];
    const post = await world.post(ann);
    const update = (change: object) => world.call(postRpc.update, { id: post.id, userId: ann, ...change });
    expect(await update({ contentWarning: 'Blood' })).toMatchObject({ isSensitive: true, contentWarning: 'Blood' });
    expect(await update({ caption: 'Later' })).toMatchObject({ isSensitive: true, contentWarning: 'Blood' });
    expect(await update({ contentWarning: null })).toMatchObject({ isSensitive: true, contentWarning: null });
    expect(await update({ isSensitive: false })).toMatchObject({
      isSensitive: false,
      contentWarning: null,
      version: 5,
    });
    const draft = await world.call(postLifeRpc.saveDraft, {
      userId: ann,
      mediaIds: [world.media.add(ann)],
      contentWarning: 'Blood',
    });
    expect(draft).toMatchObject({ isSensitive: true, contentWarning: 'Blood' });
    const published = await world.call(postLifeRpc.publish, { userId: ann, id: draft.id });
    expect(published).toMatchObject({ state: 'PUBLISHED', isSensitive: true, contentWarning: 'Blood' });
  });

  it('is in no feed and no list of who wants it hidden, on a warm cache and a cold one, and there when it is asked for', async () => {
    const [ann, bo] = newUserIds(2) as [string, string];
    world.users.follow(bo, ann);
    await relate(world, bo, ann, { follows: true });
    const [before, sensitive, after] = [
      await world.post(ann),
      await world.post(ann, { isSensitive: true }),
      await world.post(ann),
    ].map(({ id }) => id) as [string, string, string];
    const listOf = async (viewerId: string) =>
      (await world.call(postRpc.byAuthor, { authorId: ann, viewerId })).edges.map(({ node }) => node.id);
    const all = [after, sensitive, before];
    await world.untilIdle();
    expect([await world.feed(bo), await listOf(bo)]).toEqual([all, all]);
    await prefer(bo, { sensitiveMedia: 'HIDE' });
    expect([await world.feed(bo), await listOf(bo)]).toEqual([
      [after, before],
      [after, before],
    ]);
    await world.redis.client.flushall();
    expect(await world.feed(bo, 1)).toEqual([after, before]);
    expect(await world.call(postRpc.byIds, { ids: [sensitive], viewerId: bo })).toHaveLength(1);
    await prefer(ann, { sensitiveMedia: 'HIDE' });
    expect(await listOf(ann)).toEqual(all);
    await prefer(bo, { sensitiveMedia: 'BLUR' });
    expect(await world.feed(bo)).toEqual(all);
  });

  it('is found by nobody who wants it hidden or has reported it, on whatever way', async () => {
    const [ann, bo, friend] = newUserIds(3) as [string, string, string];
    const post = await world.post(ann, { isSensitive: true, caption: '#ospreys' });
    const repost = await world.call(repostRpc.repost, { postId: post.id, userId: friend });
    const tags = [{ mediaId: post.mediaIds[0]!, userId: friend, x: 0.5, y: 0.5 }];
    await world.call(tagRpc.set, { postId: post.id, authorId: ann, tags });
    await world.call(hashtagRpc.follow, { userId: bo, name: 'ospreys' });
    const idsOf = ({ edges }: { edges: { node: { id: string } }[] }) => edges.map(({ node }) => node.id);
    const waysTo = async (viewerId: string) => {
      const found = {
        explore: idsOf(await world.call(postDiscoveryRpc.explore, { viewerId, first: 100 })),
        search: idsOf(await world.call(postDiscoveryRpc.search, { viewerId, query: 'ospreys' })),
        hashtag: idsOf(await world.call(hashtagRpc.posts, { viewerId, name: 'ospreys' })),
        tags: idsOf(await world.call(tagRpc.taggedPosts, { viewerId, userId: friend })),
        reposts: idsOf(await world.call(repostRpc.byAuthor, { viewerId, authorId: friend })),
        feed: await world.feed(viewerId),
      };
      return Object.entries(found).flatMap(([way, ids]) =>
        ids.some((id) => id === post.id || id === repost.id) ? way : [],
      );
    };
    const every = ['explore', 'search', 'hashtag', 'tags', 'reposts', 'feed'];
    expect(await waysTo(bo)).toEqual(every);
    await prefer(bo, { sensitiveMedia: 'HIDE' });
    expect(await waysTo(bo)).toEqual([]);
    await prefer(bo, { sensitiveMedia: 'SHOW' });
    expect(await waysTo(bo)).toEqual(every);
    await world.call(moderationRpc.hideReported, { reporterId: bo, kind: 'post', contentId: post.id });
    expect(await waysTo(bo)).toEqual([]);
  });
});
