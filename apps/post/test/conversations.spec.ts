import { type Comment, type CommentOrder, postEvent, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { listenTo, requestErasure, untilErased, wrongCounts } from './erasure-kit.js';
import { block, relate } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('a conversation under a post', () => {
  let world: World;
  let ann: string, bo: string, cy: string;

  beforeAll(async () => void (world = await openWorld()));
  beforeEach(() => ([ann, bo, cy] = newUserIds(3) as [string, string, string]));
  afterAll(() => world?.close());

  const say = (postId: string, authorId: string, parentId?: string, text = 'hello') =>
    world.call(postRpc.createComment, { postId, authorId, text, parentId });
  const remove = (id: string, userId: string) => world.call(postRpc.deleteComment, { id, userId });
  const likeAs = (userId: string, commentId: string) => world.call(postRpc.likeComment, { commentId, userId });
  const find = async (id: string, viewerId: string | null = null): Promise<Comment | undefined> =>
    (await world.call(postRpc.commentsByIds, { ids: [id], viewerId }))[0];
  const idsOf = (page: { edges: { node: Comment }[] }) => page.edges.map(({ node }) => node.id);
  const tops = async (postId: string, viewerId: string | null = null, order?: CommentOrder) =>
    idsOf(await world.call(postRpc.comments, { postId, viewerId, order }));
  const replies = async (commentId: string, viewerId: string | null = null) =>
    idsOf(await world.call(postRpc.replies, { commentId, viewerId }));
  const countOf = async (postId: string) =>
    (await world.call(postRpc.byIds, { ids: [postId], viewerId: null }))[0]!.commentCount;

  const pinnedOf = async (postId: string) =>
    (await world.call(postRpc.byIds, { ids: [postId], viewerId: null }))[0]!.pinnedCommentId;

  const untilCounted = () =>
    eventually(async () => (await world.db.query('select from comment_counter_delta limit 1')).length === 0);

  /** A post of Ann's, a comment of Bo's, a reply of Cy's to it, and Ann's answer to that. */
  async function thread() {
    const post = await world.post(ann);
    const top = await say(post.id, bo);
    const reply = await say(post.id, cy, top.id);
    const answer = await say(post.id, ann, reply.id);
    return { post: post.id, top: top.id, reply: reply.id, answer: answer.id };
  }

  it('is shown in two levels, however deep it goes, and counted as a whole', async () => {
    const { post, top, reply, answer } = await thread();
    const deeper = await say(post, bo, answer);
    expect(await tops(post)).toEqual([top]);
    expect(await replies(top)).toEqual([reply, answer, deeper.id]);
    expect(await replies(reply)).toEqual([]);
    expect(await find(answer)).toMatchObject({ parentId: reply, replyCount: 0 });
    expect([await find(top), deeper]).toMatchObject([{ parentId: null, replyCount: 3 }, { parentId: answer }]);
    expect(await countOf(post)).toBe(4);
    const lists = await world.call(postRpc.repliesToComments, { commentIds: [top, reply], viewerId: null, first: 2 });
    expect(lists.map(({ commentId, page }) => [commentId, idsOf(page), page.hasNextPage])).toEqual([
      [top, [reply, answer], true],
    ]);
  });

  it('goes on where its page ends, none twice and none left out while others come', async () => {
    const { post, top } = await thread();
    for (let index = 0; index < 4; index++) await say(post, bo, top);
    const before = await replies(top);
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await world.call(postRpc.replies, { commentId: top, viewerId: null, first: 2, after });
      seen.push(...idsOf(page));
      if (!page.hasNextPage || seen.length > 20) break;
      after = page.edges.at(-1)!.cursor;
      if (seen.length === 2) await say(post, cy, top);
    }
    expect(seen.slice(0, before.length)).toEqual(before);
    expect(seen).toHaveLength(before.length + 1);
  });

  it('is read from its end back as from its beginning on, in each order', async () => {
    const { post, top } = await thread();
    for (let index = 0; index < 4; index++) await say(post, cy);
    for (let index = 0; index < 3; index++) await say(post, cy, top);
    await likeAs(ann, top);
    await untilCounted();
    const backward = async (
      read: (before?: string) => Promise<{ edges: { cursor: string; node: Comment }[]; hasNextPage: boolean }>,
    ) => {
      const ids: string[] = [];
      for (let before: string | undefined; ids.length < 20;) {
        const page = await read(before);
        ids.unshift(...idsOf(page));
        if (!page.hasNextPage) break;
        before = page.edges[0]!.cursor;
      }
      return ids;
    };
    for (const order of ['NEWEST', 'OLDEST', 'TOP'] as const) {
      const read = (before?: string) => world.call(postRpc.comments, { postId: post, order, last: 2, before });
      expect([order, await backward(read)]).toEqual([order, await tops(post, null, order)]);
    }
    const read = (before?: string) => world.call(postRpc.replies, { commentId: top, viewerId: null, last: 2, before });
    expect(await backward(read)).toEqual(await replies(top));
  });

  it('takes no reply to what is not there, is deleted, or stands under another post', async () => {
    const { post, top } = await thread();
    const other = await world.post(ann);
    const gone = await say(post, bo);
    await remove(gone.id, bo);
    for (const [postId, parentId] of [
      [post, newId()],
      [post, gone.id],
      [other.id, top],
    ] as const)
      await expect(say(postId, cy, parentId)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        details: { path: ['parentId'] },
      });
  });

  it('keeps a deleted comment as a placeholder while somebody has answered it', async () => {
    const { post, top, reply, answer } = await thread();
    await remove(top, bo);
    expect(await find(top)).toMatchObject({ isDeleted: true, text: '', authorId: bo, replyCount: 2 });
    await remove(reply, cy);
    expect(await tops(post)).toEqual([top]);
    expect(await replies(top)).toEqual([reply, answer]);
    expect(await countOf(post)).toBe(1);
    await expect(likeAs(cy, top)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await remove(answer, ann);
    expect([await tops(post), await find(top), await find(reply), await countOf(post)]).toEqual([
      [],
      undefined,
      undefined,
      0,
    ]);
    expect(await wrongCounts(world)).toEqual([]);
  });

  it('loses a placeholder with the last of many replies that are deleted at once', async () => {
    const { post, top } = await thread();
    await Promise.all(Array.from({ length: 10 }, () => say(post, bo, top)));
    await remove(top, bo);
    const all = await replies(top);
    await Promise.all(all.map((id) => remove(id, ann)));
    expect([await tops(post), await countOf(post)]).toEqual([[], 0]);
  });

  it('lets no reply get lost that is written while its comment is deleted', async () => {
    const post = await world.post(ann);
    for (let round = 0; round < 10; round++) {
      const { id } = await say(post.id, bo);
      const [reply] = await Promise.all([say(post.id, cy, id).catch(() => undefined), remove(id, bo)]);
      expect([round, (await find(id)) !== undefined]).toEqual([round, reply !== undefined]);
    }
    expect(await wrongCounts(world)).toEqual([]);
  });

  it('hides what blocked users say, in both directions, and counts it', async () => {
    const { post, top, reply, answer } = await thread();
    await block(world, bo, cy);
    expect([await replies(top, bo), await replies(top, cy).catch(() => 'none')]).toEqual([[answer], 'none']);
    expect([await tops(post, cy), await find(reply, bo), await find(top, cy)]).toEqual([[], undefined, undefined]);
    expect(await find(top, bo)).toMatchObject({ replyCount: 2 });
    await expect(say(post, bo, reply)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['parentId'] } });
  });

  it('tells whom a reply answers, when they see the post and did not write it', async () => {
    const { post, top, reply, answer } = await thread();
    await relate(world, bo, ann, { follows: true });
    await world.call(postRpc.update, { id: post, userId: ann, audience: 'FOLLOWERS' });
    await say(post, ann, reply);
    await say(post, ann, top);
    await say(post, bo, answer);
    const facts = (await world.published(postEvent.commented)).filter(({ postId }) => postId === post);
    expect(facts.map(({ answered }) => answered?.userId)).toEqual([undefined, bo, cy, undefined, bo, undefined]);
    await remove(reply, ann);
    const [deleted] = (await world.published(postEvent.commentDeleted)).filter(({ postId }) => postId === post);
    expect(deleted).toMatchObject({ commentId: reply, answeredId: bo, commenterId: cy });
  });

  it('stands on its own where the account of who began it is erased', async () => {
    const { post, top, reply, answer } = await thread();
    await likeAs(cy, top);
    await world.call(postRpc.pinComment, { id: top, userId: ann });
    await requestErasure(world, bo);
    await untilErased(world, bo);
    expect((await tops(post)).sort()).toEqual([reply, answer].sort());
    expect(await find(reply)).toMatchObject({ parentId: null });
    expect((await world.call(postRpc.byIds, { ids: [post], viewerId: null }))[0]).toMatchObject({
      commentCount: 2,
    });
    expect(await pinnedOf(post)).toBeUndefined();
    expect(await wrongCounts(world)).toEqual([]);
    expect(await world.db.query('select 1 as one from comment_like where comment_id = $1', [top])).toEqual([]);
  });

  it('names the comment that it hangs under where the account of who was answered is erased', async () => {
    const { top, reply, answer } = await thread();
    await requestErasure(world, cy);
    await untilErased(world, cy);
    expect([await replies(top), await find(reply)]).toEqual([[answer], undefined]);
    expect([await find(answer), await find(top)]).toMatchObject([{ parentId: top }, { replyCount: 1 }]);
  });

  describe('of which one is pinned', () => {
    const pin = (id: string, userId: string) => world.call(postRpc.pinComment, { id, userId });

    it('shows it above all others until it is unpinned, or another is, or it is deleted', async () => {
      const { post, top } = await thread();
      const second = await say(post, cy);
      expect(await pin(top, ann)).toMatchObject({ id: post, pinnedCommentId: top });
      await pin(second.id, ann);
      await world.call(postRpc.unpinComment, { id: top, userId: ann });
      expect(await pinnedOf(post)).toBe(second.id);
      await world.call(postRpc.unpinComment, { id: second.id, userId: ann });
      expect(await pinnedOf(post)).toBeUndefined();
      await pin(second.id, ann);
      await remove(second.id, cy);
      expect(await pinnedOf(post)).toBeUndefined();
    });

    it('lets the author of the post decide, and nobody pin a reply or what is deleted', async () => {
      const { top, reply } = await thread();
      await expect(pin(top, bo)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['id'] } });
      await expect(pin(reply, ann)).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        details: { path: ['id'], reason: 'IS_A_REPLY' },
      });
      await remove(top, bo);
      await expect(pin(top, ann)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  describe('of which somebody changes what they said', () => {
    const change = (id: string, userId: string, text: string, idempotencyKey?: string) =>
      world.call(postRpc.updateComment, { id, userId, text }, idempotencyKey ? { idempotencyKey } : {});

    it('has the new text and the time of the change, once per idempotency key', async () => {
      const { top } = await thread();
      const key = newId();
      const changed = await change(top, bo, 'hello, all', key);
      expect(changed).toMatchObject({ id: top, text: 'hello, all', editedAt: expect.any(String) });
      expect(await change(top, bo, 'hello, all', key)).toEqual(changed);
      expect(await change(top, bo, 'hello, all')).toEqual(changed);
      expect(await find(top)).toEqual(changed);
    });

    it('keeps what is older than 15 minutes', async () => {
      const { top } = await thread();
      await world.db.query(`update comment set created_at = now() - interval '14 minutes 50 seconds' where id = $1`, [
        top,
      ]);
      await change(top, bo, 'in time');
      await world.db.query(`update comment set created_at = now() - interval '15 minutes 1 second' where id = $1`, [
        top,
      ]);
      await expect(change(top, bo, 'too late')).rejects.toMatchObject({
        code: 'CONFLICT',
        details: { path: ['id'], reason: 'EDIT_WINDOW_OVER' },
      });
      expect(await find(top)).toMatchObject({ text: 'in time' });
    });

    it('is changed by nobody else, and not once it is deleted', async () => {
      const { top } = await thread();
      for (const userId of [ann, cy])
        await expect(change(top, userId, 'mine')).rejects.toMatchObject({
          code: 'NOT_FOUND',
          details: { path: ['id'] },
        });
      await expect(change(top, bo, '  ')).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        details: { path: ['text'] },
      });
      await remove(top, bo);
      await expect(change(top, bo, 'again')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  describe('whose comments are liked', () => {
    const unlikeAs = (userId: string, commentId: string) => world.call(postRpc.unlikeComment, { commentId, userId });

    it('counts each like once, tells of it, and lists who likes', async () => {
      const { post, top } = await thread();
      expect(await likeAs(cy, top)).toMatchObject({ id: top, likeCount: 1, viewerHasLiked: true });
      await Promise.all([likeAs(cy, top), likeAs(ann, top), likeAs(ann, top)]);
      expect(await find(top, bo)).toMatchObject({ likeCount: 2, viewerHasLiked: false });
      const likers = await world.call(postRpc.commentLikers, { commentId: top, viewerId: null });
      expect(likers.edges.map(({ node }) => node).sort()).toEqual([ann, cy].sort());
      expect(await unlikeAs(cy, top)).toMatchObject({ likeCount: 1, viewerHasLiked: false });
      await unlikeAs(cy, top);
      const liked = (await world.published(postEvent.commentLiked)).filter(({ commentId }) => commentId === top);
      const unliked = (await world.published(postEvent.commentUnliked)).filter(({ commentId }) => commentId === top);
      expect(liked.map(({ likerId }) => likerId).sort()).toEqual([ann, cy].sort());
      expect(unliked).toEqual([
        {
          commentId: top,
          postId: post,
          authorId: ann,
          commenterId: bo,
          likerId: cy,
          version: expect.any(Number),
          at: expect.any(String),
        },
      ]);
      expect(unliked[0]!.version).toBeGreaterThan(liked.find(({ likerId }) => likerId === cy)!.version);
    });

    it('ends exact after a storm of likes taken back', async () => {
      const { top } = await thread();
      const users = newUserIds(8);
      await Promise.all(users.flatMap((id) => [likeAs(id, top), unlikeAs(id, top), likeAs(id, top)]));
      await Promise.all(users.slice(0, 3).map((id) => unlikeAs(id, top)));
      await Promise.all(users.slice(3).map((id) => likeAs(id, top)));
      expect(await find(top)).toMatchObject({ likeCount: 5 });
      await untilCounted();
      expect(await world.db.query('select like_count as likes from comment where id = $1', [top])).toEqual([
        { likes: 5 },
      ]);
    });

    it('shows those with the most likes first, page after page, where that is asked for', async () => {
      const post = await world.post(ann);
      const ids: string[] = [];
      for (let index = 0; index < 5; index++) ids.push((await say(post.id, bo)).id);
      const [a, b, c, d, e] = ids as [string, string, string, string, string];
      for (const [id, count] of [
        [b, 3],
        [d, 2],
        [a, 1],
      ] as const)
        for (const userId of newUserIds(count)) await likeAs(userId, id);
      await untilCounted();
      const seen: string[] = [];
      for (let after: string | undefined; seen.length < 9;) {
        const page = await world.call(postRpc.comments, { postId: post.id, order: 'TOP', first: 2, after });
        seen.push(...idsOf(page));
        if (!page.hasNextPage) break;
        after = page.edges.at(-1)!.cursor;
      }
      expect(seen).toEqual([b, d, a, e, c]);
      expect([await tops(post.id, null, 'OLDEST'), await tops(post.id, null, 'NEWEST')]).toEqual([
        ids,
        [...ids].reverse(),
      ]);
      for (const order of ['TOP', 'OLDEST'] as const) {
        const [list] = await world.call(postRpc.commentsOfPosts, {
          postIds: [post.id],
          viewerId: null,
          first: 2,
          order,
        });
        expect(idsOf(list!.page)).toEqual(order === 'TOP' ? [b, d] : [a, b]);
      }
      const { edges } = await world.call(postRpc.comments, { postId: post.id, order: 'NEWEST', first: 1 });
      await expect(
        world.call(postRpc.comments, { postId: post.id, order: 'TOP', after: edges[0]!.cursor }),
      ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['after'], reason: 'BAD_CURSOR' } });
    });

    it('refuses likes of what the viewer does not see, and lists no blocked user', async () => {
      const { post, top } = await thread();
      await likeAs(cy, top);
      await block(world, ann, bo);
      await expect(likeAs(ann, top)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['commentId'] } });
      await expect(likeAs(ann, newId())).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await block(world, ann, bo, false);
      await block(world, ann, cy);
      const likers = await world.call(postRpc.commentLikers, { commentId: top, viewerId: ann });
      expect(likers.edges).toEqual([]);
      await world.call(postRpc.delete, { id: post, userId: ann });
      await expect(likeAs(bo, top)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('lists no likes between two who block each other to anybody, and none of what is deleted', async () => {
      const { top } = await thread();
      for (const userId of [ann, cy]) await likeAs(userId, top);
      await block(world, bo, cy);
      const likers = () => world.call(postRpc.commentLikers, { commentId: top, viewerId: null });
      expect((await likers()).edges.map(({ node }) => node)).toEqual([ann]);
      await remove(top, bo);
      await expect(likers()).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['commentId'] } });
    });

    it('loses the likes of a user who is erased, and says so', async () => {
      const { top } = await thread();
      await likeAs(cy, top);
      const unliked = await listenTo(world, postEvent.commentUnliked);
      await requestErasure(world, cy);
      await untilErased(world, cy);
      expect(await find(top)).toMatchObject({ likeCount: 0 });
      expect(unliked.map(({ likerId, commenterId }) => [likerId, commenterId])).toEqual([[cy, bo]]);
      expect(await wrongCounts(world)).toEqual([]);
    });
  });
});
