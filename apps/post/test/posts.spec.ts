import { AppError, encodePosition } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { postEvent, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { MediaClaimsService } from '../src/posts/media-claims.service.js';
import { claimIdOf } from '../src/posts/posts.rules.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('posts', () => {
  let world: World;
  const [ann, bo] = newUserIds(2) as [string, string];

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const countOf = async (authorId: string) =>
    (await world.call(postRpc.countsByAuthors, { authorIds: [authorId] }))[0]!.postCount;

  it('returns the new post as its author sees it, and stores it so', async () => {
    const mediaIds = [world.media.add(ann), world.media.add(ann)];
    const post = await world.call(postRpc.create, {
      authorId: ann,
      caption: ' Sun #Beach #sun ',
      mediaIds,
      location: 'Rimini',
      commentsDisabled: true,
    });
    expect(post).toEqual({
      id: expect.any(String),
      code: expect.stringMatching(/^[A-Za-z0-9_-]{11}$/),
      authorId: ann,
      caption: 'Sun #Beach #sun',
      mediaIds,
      hashtags: ['beach', 'sun'],
      location: 'Rimini',
      commentsDisabled: true,
      commentPolicy: 'NOBODY',
      isSensitive: false,
      contentWarning: null,
      audience: 'PUBLIC',
      state: 'PUBLISHED',
      version: 1,
      likeCount: 0,
      commentCount: 0,
      viewerHasLiked: false,
      saveCount: 0,
      repostOf: null,
      repostCount: 0,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
      editedAt: null,
      publishAt: null,
    });
    expect(await world.call(postRpc.byIds, { viewerId: ann, ids: [post.id] })).toEqual([post]);
    expect(await world.call(postRpc.byIds, { viewerId: null, ids: [post.id, newId()] })).toEqual([post]);
    expect(await world.published(postEvent.created)).toContainEqual({
      postId: post.id,
      authorId: ann,
      createdAt: post.createdAt,
    });
  });

  it('finds a post by its code where the viewer may see it, and draws codes that reveal neither an order nor a number', async () => {
    const [everybodys, followers] = [await world.post(ann), await world.post(ann, { audience: 'FOLLOWERS' })];
    const byCode = async (code: string, viewerId: string | null) =>
      (await world.call(postRpc.byCode, { code, viewerId })).post;
    expect(await byCode(everybodys.code, null)).toEqual(everybodys);
    expect(await byCode(followers.code, ann)).toEqual(followers);
    expect(await byCode(followers.code, bo)).toBeNull();
    expect(await byCode('A'.repeat(11), bo)).toBeNull();
    for (const code of ['', 'A'.repeat(12), "' or true --", '%%%%%%%%%%%'])
      await expect(byCode(code, null)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['code'] } });
    const drawn = await world.db.query<{ code: string }>(
      'select new_post_code() as code from generate_series(1, 1000)',
    );
    const codes = drawn.map(({ code }) => code);
    expect(new Set(codes).size).toBe(1_000);
    expect(codes.filter((code) => !/^[A-Za-z0-9_-]{11}$/.test(code))).toEqual([]);
    // Each of the 64 bits is drawn: in 1,000 codes every one of them is set about as often as it is not.
    const set = Array.from(
      { length: 64 },
      (_, bit) => codes.filter((code) => Buffer.from(code, 'base64url')[bit >> 3]! & (1 << (bit & 7))).length,
    );
    expect(set.filter((count) => count < 350 || count > 650)).toEqual([]);
  });

  it('refuses media of somebody else, unknown or not ready, with the index in the list', async () => {
    const [author] = newUserIds(1) as [string];
    const create = (second: string) =>
      world.call(postRpc.create, { authorId: author, caption: '', mediaIds: [world.media.add(author), second] });
    await expect(create(world.media.add(bo))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['mediaIds', 1] },
    });
    await expect(create(newId())).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['mediaIds', 1] } });
    await expect(create(world.media.add(author, 'REJECTED'))).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { path: ['mediaIds', 1], reason: 'MEDIA_NOT_READY' },
    });
    expect(await countOf(author)).toBe(0);
  });

  it.each([
    ['a caption that is too long', { caption: 'x'.repeat(2_201) }, ['caption']],
    ['no media', { mediaIds: [] }, ['mediaIds']],
    ['more than ten media', { mediaIds: newUserIds(11) }, ['mediaIds']],
    ['an id that is none', { mediaIds: ['x'] }, ['mediaIds', 0]],
    ['the same media twice', { mediaIds: [ann, ann] }, ['mediaIds']],
    ['a location that is too long', { location: 'x'.repeat(201) }, ['location']],
  ])('refuses %s and points at the field', async (_, extra, path) => {
    await expect(world.post(ann, extra)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path } });
  });

  it('shows the same picture in one post only', async () => {
    const mediaIds = [world.media.add(ann)];
    await world.post(ann, { mediaIds });
    await expect(world.post(ann, { mediaIds })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { path: ['mediaIds', 0], reason: 'MEDIA_IN_USE' },
    });
  });

  it('makes one post per idempotency key, and returns it again', async () => {
    const [author] = newUserIds(1) as [string];
    const input = { authorId: author, caption: 'once', mediaIds: [world.media.add(author)] };
    const options = { idempotencyKey: newId() };
    const first = await world.call(postRpc.create, input, options);
    expect(await world.call(postRpc.create, input, options)).toEqual(first);
    expect(await countOf(author)).toBe(1);
    await expect(world.call(postRpc.create, { ...input, caption: 'twice' }, options)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it('makes one post when the same key comes many times at once', async () => {
    const [author] = newUserIds(1) as [string];
    const input = { authorId: author, caption: '', mediaIds: [world.media.add(author)] };
    const options = { idempotencyKey: newId() };
    const answers = await Promise.allSettled(
      Array.from({ length: 10 }, () => world.call(postRpc.create, input, options)),
    );
    const made = new Set(answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.id] : [])));
    expect([made.size, await countOf(author)]).toEqual([1, 1]);
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'CONFLICT' });
  });

  it('creates the post on a retry with the same key after a crash between claim and commit', async () => {
    const [author] = newUserIds(1) as [string];
    const idempotencyKey = newId();
    const mediaIds = [world.media.add(author)];
    await world.call(mediaRpc.claim, {
      ownerId: author,
      claimId: claimIdOf(idempotencyKey),
      purpose: 'post',
      mediaIds,
    });
    await expect(world.post(author, { mediaIds })).rejects.toMatchObject({ details: { reason: 'MEDIA_IN_USE' } });
    await expect(
      world.call(postRpc.create, { authorId: author, caption: '', mediaIds }, { idempotencyKey }),
    ).resolves.toMatchObject({ mediaIds });
  });

  it('stores nothing while media does not answer', async () => {
    const [author] = newUserIds(1) as [string];
    world.media.failure = new AppError('UNAVAILABLE', 'away');
    await expect(world.post(author)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    world.media.failure = undefined;
    expect(await countOf(author)).toBe(0);
  });

  it('removes a deleted post from every read at once, and a second deletion is harmless', async () => {
    const [author, viewer] = newUserIds(2) as [string, string];
    const [post, other] = [await world.post(author), await world.post(author)];
    expect(await world.call(postRpc.delete, { id: post.id, userId: author })).toEqual({ deleted: true });
    expect(await world.call(postRpc.delete, { id: post.id, userId: author })).toEqual({ deleted: true });
    expect(await world.call(postRpc.byIds, { viewerId: viewer, ids: [post.id] })).toEqual([]);
    expect(
      (await world.call(postRpc.byAuthor, { viewerId: viewer, authorId: author })).edges.map((edge) => edge.node),
    ).toEqual([other]);
    expect(await world.feed(author)).toEqual([other.id]);
    const nowhere = { code: 'NOT_FOUND', details: { path: ['postId'] } };
    await expect(world.call(postRpc.like, { postId: post.id, userId: viewer })).rejects.toMatchObject(nowhere);
    await expect(world.call(postRpc.unlike, { postId: post.id, userId: viewer })).rejects.toMatchObject(nowhere);
    await expect(world.call(postRpc.likers, { postId: post.id })).rejects.toMatchObject(nowhere);
    await expect(world.call(postRpc.comments, { postId: post.id })).rejects.toMatchObject(nowhere);
    await expect(
      world.call(postRpc.createComment, { postId: post.id, authorId: viewer, text: 'hi' }),
    ).rejects.toMatchObject(nowhere);
    expect((await world.published(postEvent.stateChanged)).filter((fact) => fact.postId === post.id)).toEqual([
      { postId: post.id, authorId: author, state: 'DELETED', version: 2, createdAt: post.createdAt },
    ]);
    expect(await countOf(author)).toBe(1);
  });

  it('hides the pictures of a deleted post, also when media is away at first, and no others', async () => {
    const author = newId();
    const [post, other] = [await world.post(author), await world.post(author)];
    const claimOf = async ({ id }: { id: string }) =>
      (await world.db.query<{ claim: string }>('select claim_id as claim from post where id = $1', [id]))[0]!.claim;
    const claims = { deleted: await claimOf(post), kept: await claimOf(other) };
    world.media.failure = new AppError('UNAVAILABLE', 'away');
    await world.call(postRpc.delete, { id: post.id, userId: author });
    world.media.failure = undefined;
    await eventually(() => world.media.hidden.has(claims.deleted));
    expect(world.media.hidden.has(claims.kept)).toBe(false);
  });

  it('lets nobody but the author delete a post', async () => {
    const post = await world.post(ann);
    await expect(world.call(postRpc.delete, { id: post.id, userId: bo })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['id'] },
    });
    await expect(world.call(postRpc.delete, { id: newId(), userId: bo })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await world.call(postRpc.byIds, { viewerId: bo, ids: [post.id] })).toHaveLength(1);
  });

  it("lists an author's posts newest first, none twice and none left out while others are being made", async () => {
    const [author] = newUserIds(1) as [string];
    const before = [];
    for (let i = 0; i < 12; i++) before.unshift((await world.post(author)).id);
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await world.call(postRpc.byAuthor, { viewerId: null, authorId: author, first: 5, after });
      seen.push(...page.edges.map((edge) => edge.node.id));
      await world.post(author);
      if (!page.hasNextPage) break;
      after = page.edges.at(-1)!.cursor;
    }
    expect(seen).toEqual(before);
  });

  it('refuses an invalid cursor, and accepts one from the far end of time', async () => {
    await expect(
      world.call(postRpc.byAuthor, { viewerId: null, authorId: ann, after: 'nonsense' }),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['after'] } });
    const after = encodePosition({ at: new Date(36 ** 10 - 1), id: newId() });
    await expect(world.call(postRpc.byAuthor, { viewerId: null, authorId: ann, after })).resolves.toMatchObject({
      hasNextPage: false,
    });
    await expect(world.call(postRpc.homeFeed, { viewerId: bo, after })).resolves.toMatchObject({ hasNextPage: false });
  });

  it('counts the posts of every author, also before and while deltas are aggregated', async () => {
    const [author] = newUserIds(1) as [string];
    const made = await Promise.all(Array.from({ length: 30 }, () => world.post(author)));
    await Promise.all(made.slice(0, 10).map((post) => world.call(postRpc.delete, { id: post.id, userId: author })));
    expect(await countOf(author)).toBe(20);
    expect(await countOf(newId())).toBe(0);
  });

  it('confirms the claims that became posts, deleted ones included, and releases the media of the others', async () => {
    const [author] = newUserIds(1) as [string];
    const [shown, deleted] = [await world.post(author), await world.post(author)];
    await world.call(postRpc.delete, { id: deleted.id, userId: author });
    const used = await world.db.query<{ claim_id: string }>('select claim_id from post where id = any($1)', [
      [shown.id, deleted.id],
    ]);
    const [orphan, young] = [newId(), newId()];
    world.media.unconfirmed.set(orphan, 0);
    world.media.ageClaims(1_000);
    world.media.unconfirmed.set(young, Date.now());
    await world.app.get(MediaClaimsService).reconcile();
    expect(world.media.reconciled.released).toEqual([orphan]);
    expect(world.media.reconciled.confirmed).toEqual(expect.arrayContaining(used.map((row) => row.claim_id)));
    expect([...world.media.unconfirmed.keys()]).toEqual([young]);
  });
});
