import { postEvent, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { newUserIds, openWorld, type World } from './world.js';

describe('comments of a post', () => {
  let world: World;
  const [ann, bo, cy] = newUserIds(3) as [string, string, string];

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const write = (postId: string, authorId: string, text = 'hello') =>
    world.call(postRpc.createComment, { postId, authorId, text });
  const countOf = async (postId: string) =>
    (await world.call(postRpc.byIds, { ids: [postId], viewerId: null }))[0]!.commentCount;

  it('stores and counts a comment, and publishes it for the author of the post', async () => {
    const post = await world.post(ann);
    const comment = await write(post.id, bo, '  nice  ');
    expect(comment).toEqual({
      id: expect.any(String),
      postId: post.id,
      authorId: bo,
      parentId: null,
      topId: null,
      text: 'nice',
      isDeleted: false,
      isMuted: false,
      likeCount: 0,
      viewerHasLiked: false,
      replyCount: 0,
      createdAt: expect.any(String),
      editedAt: null,
    });
    expect((await world.call(postRpc.comments, { postId: post.id })).edges.map((edge) => edge.node)).toEqual([comment]);
    expect(await world.call(postRpc.commentsByIds, { ids: [comment.id, newId()] })).toEqual([comment]);
    expect(await countOf(post.id)).toBe(1);
    const fact = {
      commentId: comment.id,
      postId: post.id,
      authorId: ann,
      commenterId: bo,
      isMuted: false,
      version: expect.any(Number),
      at: comment.createdAt,
    };
    expect(await world.published(postEvent.commented)).toContainEqual(fact);
  });

  it.each([
    ['empty', '   '],
    ['too long', 'x'.repeat(2_201)],
  ])('refuses a comment that is %s and points at the field', async (_, text) => {
    const post = await world.post(ann);
    await expect(write(post.id, bo, text)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['text'] },
    });
  });

  it('refuses comments where the author turned them off', async () => {
    const post = await world.post(ann, { commentsDisabled: true });
    await expect(write(post.id, bo)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      details: { path: ['postId'], reason: 'COMMENTS_DISABLED' },
    });
    expect(await countOf(post.id)).toBe(0);
  });

  it('refuses comments on a post that does not exist', async () => {
    await expect(write(newId(), bo)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['postId'] } });
    await expect(world.call(postRpc.comments, { postId: newId() })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['postId'] },
    });
  });

  it('lets its writer and the author of the post delete a comment, nobody else, and again without harm', async () => {
    const post = await world.post(ann);
    const [first, second] = [await write(post.id, bo), await write(post.id, bo)];
    await expect(world.call(postRpc.deleteComment, { id: first.id, userId: cy })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['id'] },
    });
    for (const [id, userId] of [
      [first.id, bo],
      [first.id, bo],
      [first.id, ann],
      [second.id, ann],
    ] as const) {
      expect(await world.call(postRpc.deleteComment, { id, userId })).toEqual({
        deleted: true,
        postId: post.id,
        topId: null,
      });
    }
    await expect(world.call(postRpc.deleteComment, { id: newId(), userId: bo })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await world.call(postRpc.comments, { postId: post.id })).edges).toEqual([]);
    expect(await world.call(postRpc.commentsByIds, { ids: [first.id, second.id] })).toEqual([]);
    expect(await countOf(post.id)).toBe(0);
    const deleted = (await world.published(postEvent.commentDeleted)).filter((fact) => fact.postId === post.id);
    expect(deleted.map((fact) => fact.commentId)).toEqual([first.id, second.id]);
    const made = (await world.published(postEvent.commented)).find((fact) => fact.commentId === first.id);
    expect(deleted[0]!.version).toBeGreaterThan(made!.version);
    expect(deleted[0]).toMatchObject({ authorId: ann, commenterId: bo });
  });

  it('removes the text of a comment that is deleted', async () => {
    const post = await world.post(ann);
    const comment = await write(post.id, bo, 'a secret');
    await world.call(postRpc.deleteComment, { id: comment.id, userId: bo });
    expect(await world.db.query('select text from comment where id = $1', [comment.id])).toEqual([{ text: '' }]);
  });

  it('shows no comment of a deleted post', async () => {
    const post = await world.post(ann);
    const comment = await write(post.id, bo);
    await world.call(postRpc.delete, { id: post.id, userId: ann });
    expect(await world.call(postRpc.commentsByIds, { ids: [comment.id] })).toEqual([]);
    await expect(world.call(postRpc.deleteComment, { id: comment.id, userId: bo })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('makes one comment per idempotency key', async () => {
    const post = await world.post(ann);
    const options = { idempotencyKey: newId() };
    const input = { postId: post.id, authorId: bo, text: 'once' };
    const first = await world.call(postRpc.createComment, input, options);
    expect(await world.call(postRpc.createComment, input, options)).toEqual(first);
    expect(await countOf(post.id)).toBe(1);
  });

  it('counts exactly when many comments are written at once and some deleted at once', async () => {
    const post = await world.post(ann);
    const made = await Promise.all(Array.from({ length: 40 }, () => write(post.id, bo)));
    await Promise.all(
      made
        .slice(0, 15)
        .flatMap(({ id }) => [bo, ann].map((userId) => world.call(postRpc.deleteComment, { id, userId }))),
    );
    expect(await countOf(post.id)).toBe(25);
    expect((await world.call(postRpc.comments, { postId: post.id, first: 100 })).edges).toHaveLength(25);
  });

  it('lists the first comments of several posts as of each alone, and leaves out posts without any', async () => {
    const posts = [await world.post(ann), await world.post(ann), await world.post(bo)];
    const [many, one, none] = posts.map(({ id }) => id) as [string, string, string];
    for (let i = 0; i < 4; i++) await write(many, bo);
    await write(one, cy);
    const lists = await world.call(postRpc.commentsOfPosts, {
      postIds: [many, one, none, newId()],
      viewerId: ann,
      first: 3,
    });
    const alone = (postId: string) => world.call(postRpc.comments, { postId, viewerId: ann, first: 3 });
    expect(new Map(lists.map(({ postId, page }) => [postId, page]))).toEqual(
      new Map([
        [many, await alone(many)],
        [one, await alone(one)],
      ]),
    );
  });

  it('refuses to list more comments of several posts than a message has place for', async () => {
    const postIds = Array.from({ length: 11 }, newId);
    await expect(world.call(postRpc.commentsOfPosts, { postIds, viewerId: null, first: 20 })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['postIds'] },
    });
  });

  it('lists comments newest first, none twice and none left out while others come', async () => {
    const post = await world.post(ann);
    const before: string[] = [];
    for (let i = 0; i < 9; i++) before.unshift((await write(post.id, bo)).id);
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await world.call(postRpc.comments, { postId: post.id, first: 4, after });
      seen.push(...page.edges.map((edge) => edge.node.id));
      await write(post.id, cy);
      if (!page.hasNextPage) break;
      after = page.edges.at(-1)!.cursor;
    }
    expect(seen).toEqual(before);
  });
});
