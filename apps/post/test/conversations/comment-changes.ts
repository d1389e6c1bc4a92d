import { postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { type Cast, talkIn } from './talk-kit.js';
import type { World } from '../world.js';

export function commentChangeTests(world: () => World, cast: () => Cast): void {
  const { say, remove, find, pinnedOf, thread } = talkIn(world, cast);

  describe('of which one is pinned', () => {
    const pin = (id: string, userId: string) => world().call(postRpc.pinComment, { id, userId });

    it('shows it above all others until it is unpinned, or another is, or it is deleted', async () => {
      const { ann, cy } = cast();
      const { post, top } = await thread();
      const second = await say(post, cy);
      expect(await pin(top, ann)).toMatchObject({ id: post, pinnedCommentId: top });
      await pin(second.id, ann);
      await world().call(postRpc.unpinComment, { id: top, userId: ann });
      expect(await pinnedOf(post)).toBe(second.id);
      await world().call(postRpc.unpinComment, { id: second.id, userId: ann });
      expect(await pinnedOf(post)).toBeUndefined();
      await pin(second.id, ann);
      await remove(second.id, cy);
      expect(await pinnedOf(post)).toBeUndefined();
    });

    it('lets the author of the post decide, and nobody pin a reply or what is deleted', async () => {
      const { ann, bo } = cast();
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
      world().call(postRpc.updateComment, { id, userId, text }, idempotencyKey ? { idempotencyKey } : {});

    it('has the new text and the time of the change, once per idempotency key', async () => {
      const { bo } = cast();
      const { top } = await thread();
      const key = newId();
      const changed = await change(top, bo, 'hello, all', key);
      expect(changed).toMatchObject({ id: top, text: 'hello, all', editedAt: expect.any(String) });
      expect(await change(top, bo, 'hello, all', key)).toEqual(changed);
      expect(await change(top, bo, 'hello, all')).toEqual(changed);
      expect(await find(top)).toEqual(changed);
    });

    it('keeps what is older than 15 minutes', async () => {
      const { bo } = cast();
      const { top } = await thread();
      await world().db.query(`update comment set created_at = now() - interval '14 minutes 50 seconds' where id = $1`, [
        top,
      ]);
      await change(top, bo, 'in time');
      await world().db.query(`update comment set created_at = now() - interval '15 minutes 1 second' where id = $1`, [
        top,
      ]);
      await expect(change(top, bo, 'too late')).rejects.toMatchObject({
        code: 'CONFLICT',
        details: { path: ['id'], reason: 'EDIT_WINDOW_OVER' },
      });
      expect(await find(top)).toMatchObject({ text: 'in time' });
    });

    it('is changed by nobody else, and not once it is deleted', async () => {
      const { ann, bo, cy } = cast();
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
}
