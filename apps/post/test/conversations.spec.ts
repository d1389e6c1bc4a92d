import { type Comment, postEvent, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { commentChangeTests } from './conversations/comment-changes.js';
import { commentLikeTests } from './conversations/comment-likes.js';
import { talkIn } from './conversations/talk-kit.js';
import { requestErasure, untilErased, wrongCounts } from './erasure-kit.js';
import { block, relate } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('a conversation under a post', () => {
  let world: World;
  let ann: string, bo: string, cy: string;

  beforeAll(async () => void (world = await openWorld()));
  beforeEach(() => ([ann, bo, cy] = newUserIds(3) as [string, string, string]));
  afterAll(() => world?.close());

  const cast = () => ({ ann, bo, cy });
  const { say, remove, likeAs, find, idsOf, tops, replies, countOf, pinnedOf, untilCounted, thread } = talkIn(
    () => world,
    cast,
  );

  commentChangeTests(() => world, cast);
  commentLikeTests(() => world, cast);

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
});
