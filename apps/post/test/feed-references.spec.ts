import type { Output } from '@fowergram/contracts-core';
import {
  type Post,
  type PostReference,
  postLifeRpc,
  postRpc,
  repostRpc,
  saveRpc,
  tagRpc,
} from '@fowergram/contracts-post';
import { eventually } from '@fowergram/testing';
import { relate } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

type FeedPage = Output<typeof postRpc.homeFeed>;

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

const isReference = (node: Post | PostReference): node is PostReference => 'revision' in node;

const read = (viewerId: string): Promise<FeedPage> =>
  world.call(postRpc.homeFeed, { viewerId, first: 50, takesReferences: true });

async function referencesOf(viewerId: string): Promise<PostReference[]> {
  const { references } = await read(viewerId);
  return references!.map(({ node }) => node).filter((node) => isReference(node));
}

/** The page with what the references stand for. */
async function completed({ references, ...page }: FeedPage): Promise<FeedPage> {
  const held = await world.call(postRpc.revisions, {
    references: references!.map(({ node }) => node).filter((node) => isReference(node)),
  });
  const posts = new Map(held.map(({ post }) => [post.id, post]));
  const whole = (node: Post | PostReference): Post => {
    if (!isReference(node)) return node;
    const { revision: _revision, ...counts } = node;
    return { ...posts.get(node.id)!, ...counts };
  };
  return { ...page, edges: references!.map(({ cursor, node }) => ({ cursor, node: whole(node) })) };
}

async function follower(): Promise<[viewer: string, author: string]> {
  const [viewer, author] = newUserIds(2) as [string, string];
  world.users.follow(viewer, author);
  return [viewer, author];
}

describe('the home feed by references', () => {
  it('has the same posts as the feed of whole ones: usual, changed, passed on, saved, for few, and own ones', async () => {
    const [viewer, author] = await follower();
    const [plain, changed, passedOn, saved] = [
      await world.post(author, { caption: 'plain #one' }),
      await world.post(author),
      await world.post(author),
      await world.post(viewer),
    ];
    await world.post(author, { isSensitive: true, contentWarning: 'height' });
    await world.post(author, { commentPolicy: 'NOBODY', location: 'here' });
    await world.post(viewer, { audience: 'CLOSE_FRIENDS' });
    await world.call(postRpc.update, { id: changed.id, userId: author, caption: 'changed' });
    await world.call(repostRpc.repost, { postId: passedOn.id, userId: author, text: 'again' });
    await world.call(saveRpc.save, { postId: saved.id, userId: viewer });
    await world.call(postRpc.like, { postId: plain.id, userId: viewer });
    const whole = await world.call(postRpc.homeFeed, { viewerId: viewer, first: 50 });
    expect(whole.edges.length).toBeGreaterThanOrEqual(7);
    // A revision that was replaced meanwhile, as by the aggregation of the like, is asked for again.
    await eventually(async () => expect(await completed(await read(viewer))).toEqual(whole));
    expect((await referencesOf(viewer)).map(({ id }) => id)).toEqual([plain.id]);
  });

  it('says of a usual post its revision, its counts and whether the viewer likes it, and nothing else', async () => {
    const [viewer, author] = await follower();
    const { id } = await world.post(author);
    await world.call(postRpc.like, { postId: id, userId: viewer });
    expect(await referencesOf(viewer)).toEqual([
      { id, revision: expect.any(String) as string, likeCount: 1, commentCount: 0, viewerHasLiked: true },
    ]);
  });

  it.each<[string, (id: string, author: string) => Promise<unknown>]>([
    ['another caption', (id, userId) => world.call(postRpc.update, { id, userId, caption: 'another' })],
    ['a narrower audience', (id, userId) => world.call(postRpc.update, { id, userId, audience: 'FOLLOWERS' })],
    ['a deletion', (id, userId) => world.call(postRpc.delete, { id, userId })],
    ['an archived post', (id, userId) => world.call(postLifeRpc.archive, { id, userId })],
    [
      'a repost, which changes no row of the post',
      (id, userId) => world.call(repostRpc.repost, { postId: id, userId }),
    ],
    ['any change of the row', (id) => world.db.query('update post set like_count = like_count where id = $1', [id])],
  ])('answers a revision no longer after %s', async (_, change) => {
    const [viewer, author] = await follower();
    const { id } = await world.post(author);
    const references = await referencesOf(viewer);
    expect(await world.call(postRpc.revisions, { references })).toMatchObject([{ post: { id } }]);
    await change(id, author);
    expect(await world.call(postRpc.revisions, { references })).toEqual([]);
  });

  it('leaves out what has a muted word, though it reads no captions', async () => {
    const [viewer, author] = await follower();
    const [cat, dog] = [await world.post(author, { caption: 'a cat' }), await world.post(author, { caption: 'a dog' })];
    expect((await referencesOf(viewer)).map(({ id }) => id)).toEqual([dog.id, cat.id]);
    const mutedWords = { userId: viewer, version: 1, words: [{ text: 'cat', expiresAt: null }] };
    await world.call(postRpc.applyVisibility, { relations: [], accounts: [], mutedWords });
    expect((await referencesOf(viewer)).map(({ id }) => id)).toEqual([dog.id]);
  });
});

describe('the status of a usual post', () => {
  const statusFor = async (viewerId: string | null, id: string) =>
    (await world.call(postRpc.statuses, { viewerId, ids: [id] }))[0];

  it('says how the viewer stands to it, and stands for what is shown of it', async () => {
    const [viewer, author] = await follower();
    const { id } = await world.post(author);
    const first = {
      id,
      // An aggregation of counts meanwhile makes another one.
      revision: expect.any(String) as string,
      likeCount: 0,
      commentCount: 0,
      viewerHasLiked: false,
      viewerHasSaved: false,
      viewerHasReposted: false,
    };
    expect(await statusFor(viewer, id)).toEqual(first);
    await world.call(postRpc.like, { postId: id, userId: viewer });
    await world.call(saveRpc.save, { postId: id, userId: viewer });
    expect(await statusFor(viewer, id)).toEqual({ ...first, likeCount: 1, viewerHasLiked: true, viewerHasSaved: true });
    expect(await statusFor(null, id)).toEqual({ ...first, likeCount: 1 });
  });

  it.each<[string, (id: string, author: string, viewer: string, mediaId: string) => Promise<unknown>]>([
    ['a like of somebody', (postId, userId) => world.call(postRpc.like, { postId, userId })],
    ['a comment', (postId, authorId) => world.call(postRpc.createComment, { postId, authorId, text: 'x' })],
    ['a caption', (id, userId) => world.call(postRpc.update, { id, userId, caption: 'x' })],
    ['any change of the row', (id) => world.db.query('update post set like_count = like_count where id = $1', [id])],
    ['a repost', (postId, _author, userId) => world.call(repostRpc.repost, { postId, userId })],
    ['a deletion', (id, userId) => world.call(postRpc.delete, { id, userId })],
    [
      'a tag',
      (postId, authorId, userId, mediaId) =>
        world.call(tagRpc.set, { postId, authorId, tags: [{ mediaId, userId, x: 0.5, y: 0.5 }] }),
    ],
    ['a block', (_id, authorId, viewerId) => relate(world, viewerId, authorId, { blocked: true })],
  ])('is another one, or none, after %s', async (_what, change) => {
    const [viewer, author] = await follower();
    const { id, mediaIds } = await world.post(author);
    const before = await statusFor(viewer, id);
    expect(before).toBeDefined();
    await change(id, author, viewer, mediaIds[0]!);
    expect(await statusFor(viewer, id)).not.toEqual(before);
  });
});
