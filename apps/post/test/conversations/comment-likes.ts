import { postEvent, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { type Cast, talkIn } from './talk-kit.js';
import { listenTo, requestErasure, untilErased, wrongCounts } from '../erasure-kit.js';
import { block } from '../visibility-kit.js';
import { newUserIds, type World } from '../world.js';

export function commentLikeTests(world: () => World, cast: () => Cast): void {
  const { say, remove, likeAs, find, idsOf, tops, untilCounted, thread } = talkIn(world, cast);

  describe('whose comments are liked', () => {
    const unlikeAs = (userId: string, commentId: string) => world().call(postRpc.unlikeComment, { commentId, userId });

    it('counts each like once, tells of it, and lists who likes', async () => {
      const { ann, bo, cy } = cast();
      const { post, top } = await thread();
      expect(await likeAs(cy, top)).toMatchObject({ id: top, likeCount: 1, viewerHasLiked: true });
      await Promise.all([likeAs(cy, top), likeAs(ann, top), likeAs(ann, top)]);
      expect(await find(top, bo)).toMatchObject({ likeCount: 2, viewerHasLiked: false });
      const likers = await world().call(postRpc.commentLikers, { commentId: top, viewerId: null });
      expect(likers.edges.map(({ node }) => node).sort()).toEqual([ann, cy].sort());
      expect(await unlikeAs(cy, top)).toMatchObject({ likeCount: 1, viewerHasLiked: false });
      await unlikeAs(cy, top);
      const liked = (await world().published(postEvent.commentLiked)).filter(({ commentId }) => commentId === top);
      const unliked = (await world().published(postEvent.commentUnliked)).filter(({ commentId }) => commentId === top);
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
      expect(await world().db.query('select like_count as likes from comment where id = $1', [top])).toEqual([
        { likes: 5 },
      ]);
    });

    it('shows those with the most likes first, page after page, where that is asked for', async () => {
      const { ann, bo } = cast();
      const post = await world().post(ann);
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
        const page = await world().call(postRpc.comments, { postId: post.id, order: 'TOP', first: 2, after });
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
        const [list] = await world().call(postRpc.commentsOfPosts, {
          postIds: [post.id],
          viewerId: null,
          first: 2,
          order,
        });
        expect(idsOf(list!.page)).toEqual(order === 'TOP' ? [b, d] : [a, b]);
      }
      const { edges } = await world().call(postRpc.comments, { postId: post.id, order: 'NEWEST', first: 1 });
      await expect(
        world().call(postRpc.comments, { postId: post.id, order: 'TOP', after: edges[0]!.cursor }),
      ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['after'], reason: 'BAD_CURSOR' } });
    });

    it('refuses likes of what the viewer does not see, and lists no blocked user', async () => {
      const { ann, bo, cy } = cast();
      const { post, top } = await thread();
      await likeAs(cy, top);
      await block(world(), ann, bo);
      await expect(likeAs(ann, top)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['commentId'] } });
      await expect(likeAs(ann, newId())).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await block(world(), ann, bo, false);
      await block(world(), ann, cy);
      const likers = await world().call(postRpc.commentLikers, { commentId: top, viewerId: ann });
      expect(likers.edges).toEqual([]);
      await world().call(postRpc.delete, { id: post, userId: ann });
      await expect(likeAs(bo, top)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('lists no likes between two who block each other to anybody, and none of what is deleted', async () => {
      const { ann, bo, cy } = cast();
      const { top } = await thread();
      for (const userId of [ann, cy]) await likeAs(userId, top);
      await block(world(), bo, cy);
      const likers = () => world().call(postRpc.commentLikers, { commentId: top, viewerId: null });
      expect((await likers()).edges.map(({ node }) => node)).toEqual([ann]);
      await remove(top, bo);
      await expect(likers()).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['commentId'] } });
    });

    it('loses the likes of a user who is erased, and says so', async () => {
      const { bo, cy } = cast();
      const { top } = await thread();
      await likeAs(cy, top);
      const unliked = await listenTo(world(), postEvent.commentUnliked);
      await requestErasure(world(), cy);
      await untilErased(world(), cy);
      expect(await find(top)).toMatchObject({ likeCount: 0 });
      expect(unliked.map(({ likerId, commenterId }) => [likerId, commenterId])).toEqual([[cy, bo]]);
      expect(await wrongCounts(world())).toEqual([]);
    });
  });
}
