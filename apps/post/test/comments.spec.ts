import { type CommentPolicy, postEvent, postLifeRpc, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { block, relate, setAccount } from './visibility-kit.js';
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

  describe('that its author opens for some', () => {
    const [author, follower, stranger] = newUserIds(3) as [string, string, string];
    const change = (id: string, input: { commentPolicy?: CommentPolicy; commentsDisabled?: boolean }) =>
      world.call(postRpc.update, { id, userId: author, ...input });
    const refused = (reason: string, field = 'postId') => ({
      code: 'FORBIDDEN',
      details: { path: [field], reason },
    });

    beforeAll(() => relate(world, follower, author, { follows: true }));

    it('are written by the author and by followers, replies too, where they are for followers', async () => {
      const post = await world.post(author, { commentPolicy: 'FOLLOWERS' });
      expect(post).toMatchObject({ commentPolicy: 'FOLLOWERS', commentsDisabled: false });
      const { id: parentId } = await write(post.id, follower);
      await write(post.id, author);
      const reply = (authorId: string) =>
        world.call(postRpc.createComment, { postId: post.id, authorId, text: 'so?', parentId });
      await reply(author);
      for (const act of [() => write(post.id, stranger), () => reply(stranger)])
        await expect(act()).rejects.toMatchObject(refused('COMMENTS_FOR_FOLLOWERS'));
      expect(await countOf(post.id)).toBe(3);
      const [seen] = await world.call(postRpc.byIds, { ids: [post.id], viewerId: stranger });
      expect(seen).toMatchObject({ commentPolicy: 'FOLLOWERS', commentsDisabled: false });
    });

    it('are neither written nor changed by whoever follows no more, and by nobody where they are turned off', async () => {
      const former = newId();
      await relate(world, former, author, { follows: true });
      const post = await world.post(author, { commentPolicy: 'FOLLOWERS' });
      const { id } = await write(post.id, former);
      const edit = () => world.call(postRpc.updateComment, { id, userId: former, text: 'changed' });
      await edit();
      await relate(world, former, author, { follows: false });
      await expect(write(post.id, former)).rejects.toMatchObject(refused('COMMENTS_FOR_FOLLOWERS'));
      await expect(edit()).rejects.toMatchObject(refused('COMMENTS_FOR_FOLLOWERS', 'id'));
      expect(await change(post.id, { commentPolicy: 'NOBODY' })).toMatchObject({ commentsDisabled: true });
      for (const userId of [author, follower, former])
        await expect(write(post.id, userId)).rejects.toMatchObject(refused('COMMENTS_DISABLED'));
      await expect(edit()).rejects.toMatchObject(refused('COMMENTS_DISABLED', 'id'));
      await change(post.id, { commentPolicy: 'EVERYONE' });
      await edit();
    });

    it('show nothing to whoever may not see the post, not even that they may not comment', async () => {
      const blocked = newId();
      const post = await world.post(author, { commentPolicy: 'FOLLOWERS' });
      await block(world, blocked, author);
      await expect(write(post.id, blocked)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const keeper = newId();
      await setAccount(world, keeper, { isPrivate: true });
      const kept = await world.post(keeper, { commentPolicy: 'FOLLOWERS' });
      await expect(write(kept.id, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('are turned off and on by commentsDisabled alone, which leaves those of followers as they are', async () => {
      const post = await world.post(author, { commentPolicy: 'FOLLOWERS' });
      const after = async (input: Parameters<typeof change>[1]) => (await change(post.id, input)).commentPolicy;
      expect(await after({ commentsDisabled: false })).toBe('FOLLOWERS');
      expect(await after({ commentsDisabled: true })).toBe('NOBODY');
      expect(await after({ commentsDisabled: false })).toBe('EVERYONE');
      expect(await after({ commentPolicy: 'FOLLOWERS', commentsDisabled: false })).toBe('FOLLOWERS');
    });

    it('are opened for nobody by an input that contradicts itself, and by an unknown policy', async () => {
      const post = await world.post(author);
      const both = { commentPolicy: 'FOLLOWERS', commentsDisabled: true } as const;
      const badInput = (path: string) => ({ code: 'BAD_USER_INPUT', details: { path: [path] } });
      await expect(change(post.id, both)).rejects.toMatchObject(badInput('commentsDisabled'));
      await expect(world.post(author, both)).rejects.toMatchObject(badInput('commentsDisabled'));
      await expect(world.call(postLifeRpc.saveDraft, { userId: author, ...both })).rejects.toMatchObject(
        badInput('commentsDisabled'),
      );
      await expect(change(post.id, { commentPolicy: 'FRIENDS' as CommentPolicy })).rejects.toMatchObject(
        badInput('commentPolicy'),
      );
    });

    it('are as a draft says when it is published', async () => {
      const mediaIds = [world.media.add(author)];
      const save = { userId: author, mediaIds, commentPolicy: 'FOLLOWERS' } as const;
      const draft = await world.call(postLifeRpc.saveDraft, save);
      await world.call(postLifeRpc.saveDraft, { userId: author, id: draft.id, caption: 'kept' });
      const post = await world.call(postLifeRpc.publish, { userId: author, id: draft.id });
      expect(post).toMatchObject({ commentPolicy: 'FOLLOWERS', caption: 'kept' });
      await expect(write(post.id, stranger)).rejects.toMatchObject(refused('COMMENTS_FOR_FOLLOWERS'));
    });
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
