import { AppError } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { postEvent, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { MediaClaimsService } from '../src/posts/media-claims.service.js';
import { claimIdOf } from '../src/posts/posts.rules.js';
import { openWorld, persons, type World } from './world.js';

describe('posts', () => {
  let world: World;
  const [ann, bo] = persons(2) as [string, string];

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const countOf = async (authorId: string) =>
    (await world.call(postRpc.countsByAuthors, { authorIds: [authorId] }))[0]!.postCount;

  it('answers the new post as its author sees it, and keeps it so', async () => {
    const mediaIds = [world.shelf.put(ann), world.shelf.put(ann)];
    const post = await world.call(postRpc.create, {
      authorId: ann,
      caption: ' Sun #Beach #sun ',
      mediaIds,
      location: 'Rimini',
      commentsDisabled: true,
    });
    expect(post).toEqual({
      id: expect.any(String),
      authorId: ann,
      caption: 'Sun #Beach #sun',
      mediaIds,
      hashtags: ['beach', 'sun'],
      location: 'Rimini',
      commentsDisabled: true,
      likeCount: 0,
      commentCount: 0,
      viewerHasLiked: false,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
    });
    expect(await world.call(postRpc.byIds, { viewerId: ann, ids: [post.id] })).toEqual([post]);
    expect(await world.call(postRpc.byIds, { viewerId: null, ids: [post.id, newId()] })).toEqual([post]);
    expect(await world.published(postEvent.created)).toContainEqual({
      postId: post.id,
      authorId: ann,
      createdAt: post.createdAt,
    });
  });

  it('refuses media of somebody else, unknown or not ready, with the place in the list', async () => {
    const [author] = persons(1) as [string];
    const create = (second: string) =>
      world.call(postRpc.create, { authorId: author, caption: '', mediaIds: [world.shelf.put(author), second] });
    await expect(create(world.shelf.put(bo))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['mediaIds', 1] },
    });
    await expect(create(newId())).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['mediaIds', 1] } });
    await expect(create(world.shelf.put(author, 'PROCESSING'))).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { path: ['mediaIds', 1], reason: 'MEDIA_NOT_READY' },
    });
    expect(await countOf(author)).toBe(0);
  });

  it.each([
    ['a caption that is too long', { caption: 'x'.repeat(2_201) }, ['caption']],
    ['no media', { mediaIds: [] }, ['mediaIds']],
    ['more than ten media', { mediaIds: persons(11) }, ['mediaIds']],
    ['an id that is none', { mediaIds: ['x'] }, ['mediaIds', 0]],
    ['the same media twice', { mediaIds: [ann, ann] }, ['mediaIds']],
    ['a location that is too long', { location: 'x'.repeat(201) }, ['location']],
  ])('refuses %s and points at the field', async (_, extra, path) => {
    await expect(world.post(ann, extra)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path } });
  });

  it('shows the same picture in one post only', async () => {
    const mediaIds = [world.shelf.put(ann)];
    await world.post(ann, { mediaIds });
    await expect(world.post(ann, { mediaIds })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { path: ['mediaIds', 0], reason: 'MEDIA_IN_USE' },
    });
  });

  it('makes one post per idempotency key, and answers it again', async () => {
    const [author] = persons(1) as [string];
    const input = { authorId: author, caption: 'once', mediaIds: [world.shelf.put(author)] };
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
    const [author] = persons(1) as [string];
    const input = { authorId: author, caption: '', mediaIds: [world.shelf.put(author)] };
    const options = { idempotencyKey: newId() };
    const answers = await Promise.allSettled(
      Array.from({ length: 10 }, () => world.call(postRpc.create, input, options)),
    );
    const made = new Set(answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.id] : [])));
    expect([made.size, await countOf(author)]).toEqual([1, 1]);
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'CONFLICT' });
  });

  it('is made by a retry with the same key after a crash between claim and commit', async () => {
    const [author] = persons(1) as [string];
    const idempotencyKey = newId();
    const mediaIds = [world.shelf.put(author)];
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

  it('leaves nothing behind while media does not answer', async () => {
    const [author] = persons(1) as [string];
    world.shelf.away = new AppError('UNAVAILABLE', 'away');
    await expect(world.post(author)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    world.shelf.away = undefined;
    expect(await countOf(author)).toBe(0);
  });

  it('is gone everywhere at once when its author deletes it, and deleting again is harmless', async () => {
    const [author, viewer] = persons(2) as [string, string];
    const [post, kept] = [await world.post(author), await world.post(author)];
    expect(await world.call(postRpc.delete, { id: post.id, userId: author })).toEqual({ deleted: true });
    expect(await world.call(postRpc.delete, { id: post.id, userId: author })).toEqual({ deleted: true });
    expect(await world.call(postRpc.byIds, { viewerId: viewer, ids: [post.id] })).toEqual([]);
    expect(
      (await world.call(postRpc.byAuthor, { viewerId: viewer, authorId: author })).edges.map((edge) => edge.node),
    ).toEqual([kept]);
    expect(await world.feed(author)).toEqual([kept.id]);
    const nowhere = { code: 'NOT_FOUND', details: { path: ['postId'] } };
    await expect(world.call(postRpc.like, { postId: post.id, userId: viewer })).rejects.toMatchObject(nowhere);
    await expect(world.call(postRpc.unlike, { postId: post.id, userId: viewer })).rejects.toMatchObject(nowhere);
    await expect(world.call(postRpc.likers, { postId: post.id })).rejects.toMatchObject(nowhere);
    await expect(world.call(postRpc.comments, { postId: post.id })).rejects.toMatchObject(nowhere);
    await expect(
      world.call(postRpc.createComment, { postId: post.id, authorId: viewer, text: 'hi' }),
    ).rejects.toMatchObject(nowhere);
    expect((await world.published(postEvent.deleted)).filter((fact) => fact.postId === post.id)).toEqual([
      { postId: post.id, authorId: author },
    ]);
    expect(await countOf(author)).toBe(1);
  });

  it('is deleted by nobody but its author', async () => {
    const post = await world.post(ann);
    await expect(world.call(postRpc.delete, { id: post.id, userId: bo })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['id'] },
    });
    await expect(world.call(postRpc.delete, { id: newId(), userId: bo })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await world.call(postRpc.byIds, { viewerId: bo, ids: [post.id] })).toHaveLength(1);
  });

  it("lists an author's posts newest first, none twice and none left out while others are being made", async () => {
    const [author] = persons(1) as [string];
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

  it('refuses a cursor that is none, and takes one from the far end of time', async () => {
    await expect(
      world.call(postRpc.byAuthor, { viewerId: null, authorId: ann, after: 'nonsense' }),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['after'] } });
    const after = Buffer.from(`zzzzzzzzzz.${newId()}`).toString('base64url');
    await expect(world.call(postRpc.byAuthor, { viewerId: null, authorId: ann, after })).resolves.toMatchObject({
      hasNextPage: false,
    });
    await expect(world.call(postRpc.homeFeed, { viewerId: bo, after })).resolves.toMatchObject({ hasNextPage: false });
  });

  it('counts the posts of every author, also before and while deltas are folded', async () => {
    const [author] = persons(1) as [string];
    const made = await Promise.all(Array.from({ length: 30 }, () => world.post(author)));
    await Promise.all(made.slice(0, 10).map((post) => world.call(postRpc.delete, { id: post.id, userId: author })));
    expect(await countOf(author)).toBe(20);
    expect(await countOf(newId())).toBe(0);
  });

  it('tells media which claims became posts, deleted ones included, and frees the pictures of the others', async () => {
    const [author] = persons(1) as [string];
    const [kept, deleted] = [await world.post(author), await world.post(author)];
    await world.call(postRpc.delete, { id: deleted.id, userId: author });
    const used = await world.db.query<{ claim_id: string }>('select claim_id from post where id = any($1)', [
      [kept.id, deleted.id],
    ]);
    const [stray, young] = [newId(), newId()];
    world.shelf.unconfirmed.set(stray, 0);
    world.shelf.ageClaims(1_000);
    world.shelf.unconfirmed.set(young, Date.now());
    await world.app.get(MediaClaimsService).settle();
    expect(world.shelf.settled.released).toEqual([stray]);
    expect(world.shelf.settled.confirmed).toEqual(expect.arrayContaining(used.map((row) => row.claim_id)));
    expect([...world.shelf.unconfirmed.keys()]).toEqual([young]);
  });
});
