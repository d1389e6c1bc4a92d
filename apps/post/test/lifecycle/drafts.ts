import { postLifeRpc, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { CONFLICT, lifeIn, NOT_FOUND } from './life-kit.js';
import { MAX_DRAFTS } from '../../src/lifecycle/drafts.repository.js';
import { newUserIds, type World } from '../world.js';

export function draftTests(world: () => World): void {
  const { countOf, seenBy, own, createdOf, inMs, draftOf } = lifeIn(world);

  describe('a draft', () => {
    it('may be incomplete, changes piece by piece, and is seen by its author alone', async () => {
      const [ann, bo] = newUserIds(2) as [string, string];
      const draft = await world().call(postLifeRpc.saveDraft, { userId: ann });
      expect(draft).toMatchObject({ state: 'DRAFT', caption: '', mediaIds: [], version: 1 });
      const mediaIds = [world().media.add(ann)];
      await world().call(postLifeRpc.saveDraft, { userId: ann, id: draft.id, mediaIds });
      const saved = await world().call(postLifeRpc.saveDraft, { userId: ann, id: draft.id, caption: 'Sea #sun' });
      expect(saved).toMatchObject({ state: 'DRAFT', mediaIds, hashtags: ['sun'], version: 3, editedAt: null });
      expect([await seenBy(ann, draft.id), await seenBy(bo, draft.id), await seenBy(null, draft.id)]).toEqual([
        saved,
        undefined,
        undefined,
      ]);
      expect([await own(ann, 'DRAFT'), await own(bo, 'DRAFT'), await world().feed(ann)]).toEqual([[draft.id], [], []]);
      expect((await world().call(postRpc.byAuthor, { viewerId: ann, authorId: ann })).edges).toEqual([]);
      await expect(world().call(postRpc.like, { postId: draft.id, userId: ann })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(world().call(postLifeRpc.saveDraft, { userId: bo, id: draft.id })).rejects.toMatchObject(NOT_FOUND);
      expect(await countOf(ann)).toBe(0);
    });

    it('frees the media that it does not show any more', async () => {
      const ann = newId();
      const [kept, dropped] = [world().media.add(ann), world().media.add(ann)];
      const draft = await draftOf(ann, { mediaIds: [kept, dropped] });
      await world().call(postLifeRpc.saveDraft, { userId: ann, id: draft.id, mediaIds: [kept] });
      expect([world().media.isClaimed(kept), world().media.isClaimed(dropped)]).toEqual([true, false]);
    });

    it('is made once for one idempotency key', async () => {
      const ann = newId();
      const input = { userId: ann, caption: 'once', mediaIds: [world().media.add(ann)] };
      const options = { idempotencyKey: newId() };
      const first = await world().call(postLifeRpc.saveDraft, input, options);
      expect(await world().call(postLifeRpc.saveDraft, input, options)).toEqual(first);
      expect(await own(ann, 'DRAFT')).toEqual([first.id]);
    });

    it('that lost its pictures while its publication was under way is not published', async () => {
      const ann = newId();
      const { id } = await draftOf(ann);
      const input = { id, userId: ann };
      for (const publish of [
        () => world().call(postLifeRpc.publish, input),
        () => world().call(postLifeRpc.schedule, { ...input, publishAt: inMs(3_600_000) }),
      ]) {
        await world().call(postLifeRpc.saveDraft, { ...input, mediaIds: [world().media.add(ann)] });
        world().media.afterClaim = async () => {
          world().media.afterClaim = undefined;
          await world().call(postLifeRpc.saveDraft, { ...input, mediaIds: [] });
        };
        await expect(publish()).rejects.toMatchObject(CONFLICT('POST_INCOMPLETE'));
      }
      expect(await seenBy(ann, id)).toMatchObject({ state: 'DRAFT', mediaIds: [] });
    });

    it('that was edited before it was published was not edited, and has no history', async () => {
      const ann = newId();
      const { id } = await draftOf(ann, { caption: 'One' });
      const input = { id, userId: ann };
      const changed = await world().call(postRpc.update, { ...input, caption: 'Two' });
      expect(changed).toMatchObject({ caption: 'Two', editedAt: null, version: 2 });
      await world().call(postLifeRpc.publish, input);
      const [history] = await world().call(postLifeRpc.history, { userId: ann, postIds: [id] });
      expect([await seenBy(null, id), history!.edits]).toMatchObject([{ caption: 'Two', editedAt: null }, []]);
    });

    it('is no longer one once it is published, and is saved no more', async () => {
      const ann = newId();
      const post = await world().post(ann, { caption: 'Out' });
      const save = world().call(postLifeRpc.saveDraft, { userId: ann, id: post.id, caption: 'Back' });
      await expect(save).rejects.toMatchObject(CONFLICT('POST_STATE'));
      expect(await seenBy(null, post.id)).toEqual(post);
    });

    it('is one of 1,000 at most', async () => {
      const ann = newId();
      await world().db.query(
        `insert into post (id, state, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at)
         select gen_random_uuid(), 'DRAFT', $1, '', '{}', '{}', false, gen_random_uuid(), now() from generate_series(1, $2::integer)`,
        [ann, MAX_DRAFTS - 1],
      );
      await draftOf(ann);
      await expect(draftOf(ann)).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'DRAFT_LIMIT' } });
    });

    it('is published once when that is asked for many times, and only when it is complete', async () => {
      const ann = newId();
      const empty = await world().call(postLifeRpc.saveDraft, { userId: ann, caption: 'No picture' });
      const incomplete = world().call(postLifeRpc.publish, { id: empty.id, userId: ann });
      await expect(incomplete).rejects.toMatchObject(CONFLICT('POST_INCOMPLETE'));
      const draft = await draftOf(ann);
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => world().call(postLifeRpc.publish, { id: draft.id, userId: ann })),
      );
      expect(new Set(answers.map(({ state, version }) => `${state} ${version}`))).toEqual(new Set(['PUBLISHED 2']));
      expect(answers[0]!.createdAt > draft.createdAt).toBe(true);
      expect([(await createdOf(draft.id)).length, await countOf(ann)]).toEqual([1, 1]);
      expect(await world().feed(ann)).toEqual([draft.id]);
    });
  });

  describe('a post with pictures that are still processed', () => {
    it('appears when all are READY', async () => {
      const ann = newId();
      const mediaIds = [world().media.add(ann), world().media.add(ann, 'PROCESSING')];
      const post = await world().post(ann, { mediaIds });
      expect(post).toMatchObject({ state: 'SCHEDULED', publishAt: expect.any(String) });
      expect([await seenBy(null, post.id), await countOf(ann)]).toEqual([undefined, 0]);
      world().media.endProcessing(mediaIds[1]!, 'READY');
      await eventually(async () => expect(await seenBy(null, post.id)).toMatchObject({ state: 'PUBLISHED' }));
      expect([(await createdOf(post.id)).length, await countOf(ann)]).toEqual([1, 1]);
    });

    it('is a draft again that says why, when one is rejected, and can be published with another one', async () => {
      const ann = newId();
      const processing = world().media.add(ann, 'PROCESSING');
      const draft = await draftOf(ann, { mediaIds: [processing] });
      await world().call(postLifeRpc.publish, { id: draft.id, userId: ann });
      world().media.endProcessing(processing, 'REJECTED');
      await eventually(async () =>
        expect(await seenBy(ann, draft.id)).toMatchObject({ state: 'DRAFT', publishProblem: 'MEDIA_REJECTED' }),
      );
      const mediaIds = [world().media.add(ann)];
      const saved = await world().call(postLifeRpc.saveDraft, { userId: ann, id: draft.id, mediaIds });
      expect(saved.publishProblem).toBeUndefined();
      const published = await world().call(postLifeRpc.publish, { id: draft.id, userId: ann });
      expect(published).toMatchObject({ state: 'PUBLISHED' });
      expect(published.publishProblem).toBeUndefined();
    });
  });
}
