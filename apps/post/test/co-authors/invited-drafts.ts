import type { Input } from '@fowergram/contracts-core';
import { coAuthorRpc, postEvent, postLifeRpc, postRpc } from '@fowergram/contracts-post';
import { eventually } from '@fowergram/testing';
import { sharingIn } from './sharing-kit.js';
import { block, relate } from '../visibility-kit.js';
import type { World } from '../world.js';

export function invitedDraftTests(world: () => World): void {
  const { invite, remove, accept, invitations, profile, postCount, events, follow, fewUsers } = sharingIn(world);

  describe('who are invited to a draft', () => {
    const draftOf = async (authorId: string, given: Partial<Input<typeof postLifeRpc.saveDraft>> = {}) =>
      (
        await world().call(postLifeRpc.saveDraft, {
          userId: authorId,
          mediaIds: [world().media.add(authorId)],
          ...given,
        })
      ).id;
    const isPublished = async (id: string) =>
      (await world().call(postRpc.byIds, { ids: [id], viewerId: null })).length === 1;
    const ways: Record<string, (id: string, userId: string) => Promise<unknown>> = {
      'by its author': (id, userId) => world().call(postLifeRpc.publish, { id, userId }),
      'by its time': (id, userId) => {
        const publishAt = new Date(Date.now() + 2_000).toISOString();
        return world().call(postLifeRpc.schedule, { id, userId, publishAt });
      },
    };

    it.each(Object.entries(ways))(
      'hear of it when it is published %s, and have it in its place',
      async (_how, publish) => {
        const [ann, bo, cy, di, viewer] = fewUsers(5);
        await follow(viewer, bo);
        const id = await draftOf(ann);
        for (const userId of [bo, cy, di]) await invite(id, ann, userId);
        await remove(id, ann, cy);
        await block(world(), di, ann);
        const own = { ids: [id], authorId: ann };
        expect(await world().call(coAuthorRpc.invited, own)).toEqual([{ postId: id, userIds: [bo] }]);
        expect([await invitations(bo), await events(postEvent.coAuthorInvited, id)]).toEqual([[], []]);
        await expect(accept(id, bo)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['postId'] } });
        const before = await world().post(bo);
        await publish(id, ann);
        await eventually(() => isPublished(id), 15_000);
        expect([await invitations(bo), await events(postEvent.coAuthorInvited, id)]).toEqual([[id], [bo]]);
        await accept(id, bo);
        expect([await profile(bo, null), await postCount(bo)]).toEqual([[id, before.id], 2]);
        await eventually(async () => expect(await world().feed(viewer)).toEqual([id, before.id]));
      },
    );

    it('see nothing of it before, wait where it is for others, and are asked again by nobody when it comes back', async () => {
      const [ann, bo] = fewUsers(2);
      const id = await draftOf(ann, { audience: 'FOLLOWERS' });
      await invite(id, ann, bo);
      await world().call(postRpc.delete, { id, userId: ann });
      await world().call(postLifeRpc.restore, { id, userId: ann });
      await world().call(postLifeRpc.publish, { id, userId: ann });
      expect([await invitations(bo), await events(postEvent.coAuthorInvited, id)]).toEqual([[], []]);
      await relate(world(), bo, ann, { follows: true });
      expect(await invitations(bo)).toEqual([id]);
      await world().call(postLifeRpc.archive, { id, userId: ann });
      await world().call(postLifeRpc.unarchive, { id, userId: ann });
      expect([await invitations(bo), await events(postEvent.coAuthorInvited, id)]).toEqual([[id], []]);
    });
  });
}
