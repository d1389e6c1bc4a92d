import { postEvent, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { openWorld, persons, type World } from './world.js';

describe('comments', () => {
  let world: World;
  const [ann, bo, cy] = persons(3) as [string, string, string];

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const say = (postId: string, authorId: string, text = 'hello') =>
    world.call(postRpc.createComment, { postId, authorId, text });
  const countOf = async (postId: string) =>
    (await world.call(postRpc.byIds, { ids: [postId], viewerId: null }))[0]!.commentCount;

  it('are kept, counted and told to the author of the post', async () => {
    const post = await world.post(ann);
    const comment = await say(post.id, bo, '  nice  ');
    expect(comment).toEqual({
      id: expect.any(String),
      postId: post.id,
      authorId: bo,
      text: 'nice',
      createdAt: expect.any(String),
    });
    expect((await world.call(postRpc.comments, { postId: post.id })).edges.map((edge) => edge.node)).toEqual([comment]);
    expect(await world.call(postRpc.commentsByIds, { ids: [comment.id, newId()] })).toEqual([comment]);
    expect(await countOf(post.id)).toBe(1);
    const fact = {
      commentId: comment.id,
      postId: post.id,
      authorId: ann,
      commenterId: bo,
      version: expect.any(Number),
      at: comment.createdAt,
    };
    expect(await world.published(postEvent.commented)).toContainEqual(fact);
  });

  it.each([
    ['empty', '   '],
    ['too long', 'x'.repeat(2_201)],
  ])('that are %s are refused with the field', async (_, text) => {
    const post = await world.post(ann);
    await expect(say(post.id, bo, text)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['text'] } });
  });

  it('are refused where the author turned them off', async () => {
    const post = await world.post(ann, { commentsDisabled: true });
    await expect(say(post.id, bo)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      details: { path: ['postId'], reason: 'COMMENTS_DISABLED' },
    });
    expect(await countOf(post.id)).toBe(0);
  });

  it('on a post that is not there are refused', async () => {
    await expect(say(newId(), bo)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['postId'] } });
    await expect(world.call(postRpc.comments, { postId: newId() })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['postId'] },
    });
  });

  it('may be deleted by who wrote them and by the author of the post, by nobody else, and again without harm', async () => {
    const post = await world.post(ann);
    const [first, second] = [await say(post.id, bo), await say(post.id, bo)];
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
      expect(await world.call(postRpc.deleteComment, { id, userId })).toEqual({ deleted: true });
    }
    await expect(world.call(postRpc.deleteComment, { id: newId(), userId: bo })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await world.call(postRpc.comments, { postId: post.id })).edges).toEqual([]);
    expect(await world.call(postRpc.commentsByIds, { ids: [first.id, second.id] })).toEqual([]);
    expect(await countOf(post.id)).toBe(0);
    const told = (await world.published(postEvent.commentDeleted)).filter((fact) => fact.postId === post.id);
    expect(told.map((fact) => fact.commentId)).toEqual([first.id, second.id]);
    const made = (await world.published(postEvent.commented)).find((fact) => fact.commentId === first.id);
    expect(told[0]!.version).toBeGreaterThan(made!.version);
    expect(told[0]).toMatchObject({ authorId: ann, commenterId: bo });
  });

  it('leave nothing of their text behind when they are deleted', async () => {
    const post = await world.post(ann);
    const comment = await say(post.id, bo, 'a secret');
    await world.call(postRpc.deleteComment, { id: comment.id, userId: bo });
    expect(await world.db.query('select text from comment where id = $1', [comment.id])).toEqual([{ text: '' }]);
  });

  it('vanish together with their post', async () => {
    const post = await world.post(ann);
    const comment = await say(post.id, bo);
    await world.call(postRpc.delete, { id: post.id, userId: ann });
    expect(await world.call(postRpc.commentsByIds, { ids: [comment.id] })).toEqual([]);
    await expect(world.call(postRpc.deleteComment, { id: comment.id, userId: bo })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('with the same idempotency key are one comment', async () => {
    const post = await world.post(ann);
    const options = { idempotencyKey: newId() };
    const input = { postId: post.id, authorId: bo, text: 'once' };
    const first = await world.call(postRpc.createComment, input, options);
    expect(await world.call(postRpc.createComment, input, options)).toEqual(first);
    expect(await countOf(post.id)).toBe(1);
  });

  it('of many at once, some deleted at once, are counted exactly', async () => {
    const post = await world.post(ann);
    const made = await Promise.all(Array.from({ length: 40 }, () => say(post.id, bo)));
    await Promise.all(
      made
        .slice(0, 15)
        .flatMap(({ id }) => [bo, ann].map((userId) => world.call(postRpc.deleteComment, { id, userId }))),
    );
    expect(await countOf(post.id)).toBe(25);
    expect((await world.call(postRpc.comments, { postId: post.id, first: 100 })).edges).toHaveLength(25);
  });

  it('are listed newest first, none twice and none left out while others come', async () => {
    const post = await world.post(ann);
    const before: string[] = [];
    for (let i = 0; i < 9; i++) before.unshift((await say(post.id, bo)).id);
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await world.call(postRpc.comments, { postId: post.id, first: 4, after });
      seen.push(...page.edges.map((edge) => edge.node.id));
      await say(post.id, cy);
      if (!page.hasNextPage) break;
      after = page.edges.at(-1)!.cursor;
    }
    expect(seen).toEqual(before);
  });
});
