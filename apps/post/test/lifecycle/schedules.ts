import { postEvent, postLifeRpc, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { CONFLICT, lifeIn, OVERDUE_SINCE } from './life-kit.js';
import { type DuePost, DuePostsRepository, LEASE_SECONDS } from '../../src/lifecycle/sweeps/due-posts.repository.js';
import { POLL_INTERVAL_MS } from '../../src/lifecycle/sweeps/due-posts.service.js';
import type { World } from '../world.js';

export function scheduleTests(world: () => World): void {
  const { countOf, seenBy, own, claimOf, inMs, lateness, draftOf, followerOf } = lifeIn(world);

  describe('a schedule', () => {
    it.each([
      ['in the past', () => inMs(-1_000), { code: 'BAD_USER_INPUT', details: { reason: 'NOT_IN_FUTURE' } }],
      ['in 20 years', () => inMs(20 * 366 * 86_400_000), { code: 'BAD_USER_INPUT' }],
    ])('%s is refused at its field', async (_, publishAt, error) => {
      const ann = newId();
      const draft = await draftOf(ann);
      const input = { id: draft.id, userId: ann, publishAt: publishAt() };
      await expect(world().call(postLifeRpc.schedule, input)).rejects.toMatchObject(error);
      await expect(draftOf(ann, { publishAt: publishAt() })).rejects.toMatchObject({
        details: { path: ['publishAt'] },
      });
      expect(await own(ann, 'SCHEDULED')).toEqual([]);
    });

    // No second process yet, which would show it in metrics of its own.
    it('shows in metrics how late it went out, and how late the one is that waits', async () => {
      const before = await lateness();
      const ann = newId();
      const post = await draftOf(ann, { publishAt: inMs(3_600_000) });
      const processing = world().media.add(ann, 'PROCESSING');
      const slow = await draftOf(ann, { mediaIds: [processing], publishAt: inMs(3_600_000) });
      await world().db.transaction(async (tx) => {
        await tx.query(`select pg_advisory_xact_lock(hashtextextended('post:' || $1, 0))`, [post.id]);
        await world().db.query(OVERDUE_SINCE, [post.id, '100 seconds']);
        await world().db.query(OVERDUE_SINCE, [slow.id, '1 hour']);
        await eventually(async () => expect((await lateness()).overdue).toBeGreaterThanOrEqual(100));
        expect((await lateness()).overdue).toBeLessThan(3_600);
      });
      await eventually(async () => expect((await lateness()).count).toBe(before.count + 1));
      world().media.endProcessing(processing, 'READY');
      await eventually(async () => expect(await seenBy(null, slow.id)).toMatchObject({ state: 'PUBLISHED' }));
      const { overdue, count, sum } = await lateness();
      expect([before.overdue, overdue, count]).toEqual([0, 0, before.count + 1]);
      expect(sum - before.sum).toBeGreaterThanOrEqual(100);
    });

    it('is kept once, by two replicas and whoever was killed with a post in hand', async () => {
      await world().addReplica();
      const ann = newId();
      const viewer = await followerOf(ann);
      const ids = (await Promise.all(Array.from({ length: 12 }, () => draftOf(ann)))).map(({ id }) => id);
      const publishAt = inMs(2_000);
      const scheduled = await Promise.all(
        ids.map((id) => world().call(postLifeRpc.schedule, { id, userId: ann, publishAt })),
      );
      expect(new Set(scheduled.map(({ state, publishAt: at }) => `${state} ${at}`))).toEqual(
        new Set([`SCHEDULED ${publishAt}`]),
      );
      // As a process leaves it that is killed between taking the post and publishing it.
      await world().db.query("update post set due_at = due_at + interval '2 seconds' where id = $1", [ids[0]]);
      const out = () => world().call(postRpc.byIds, { viewerId: viewer, ids });
      await eventually(async () => expect(await out()).toHaveLength(12));
      for (const post of await out()) {
        expect(post.createdAt >= publishAt).toBe(true);
        expect(Date.parse(post.createdAt) - Date.parse(publishAt)).toBeLessThan(5_000);
        expect(post.publishAt).toBeNull();
      }
      const facts = (await world().published(postEvent.created)).filter(({ postId }) => ids.includes(postId));
      expect([facts.length, await countOf(ann)]).toEqual([12, 12]);
      await world().untilIdle();
      expect((await world().feed(viewer)).sort()).toEqual(ids.sort());
    });

    it('is for a complete draft, also where the time is given with it', async () => {
      const ann = newId();
      const timed = world().call(postLifeRpc.saveDraft, { userId: ann, publishAt: inMs(3_600_000) });
      await expect(timed).rejects.toMatchObject(CONFLICT('POST_INCOMPLETE'));
      expect(await own(ann, 'SCHEDULED')).toEqual([]);
    });

    it('that its author has changed since a replica took the post is as the author says', async () => {
      const ann = newId();
      const later = await draftOf(ann, { publishAt: inMs(3_600_000) });
      const taken = await draftOf(ann);
      const awaiting = await world().post(ann, { mediaIds: [world().media.add(ann, 'PROCESSING')] });
      const ids = [later, taken, awaiting].map(({ id }) => id);
      const due = world().app.get(DuePostsRepository, { strict: false });
      expect(await world().db.transaction((tx) => due.publish(tx, ids, new Date()))).toEqual([]);
      const before: DuePost = {
        ...awaiting,
        claimId: await claimOf(awaiting.id),
        publishAt: new Date(),
        awaitsMedia: true,
        version: awaiting.version - 1,
      };
      await due.setReady(before);
      await due.takeBack(before, 'MEDIA_GONE');
      await due.postpone(taken.id, 1);
      const rows = await world().db.query(
        `select state, awaits_media as "awaitsMedia", due_at is not null as "isDue" from post where id = any($1) order by id`,
        [ids],
      );
      expect(rows).toEqual([
        { state: 'SCHEDULED', awaitsMedia: false, isDue: true },
        { state: 'DRAFT', awaitsMedia: false, isDue: false },
        { state: 'SCHEDULED', awaitsMedia: true, isDue: true },
      ]);
    });

    it('is looked at again within five seconds, also when whoever took the post was killed', () => {
      expect(POLL_INTERVAL_MS + LEASE_SECONDS * 1_000).toBeLessThan(5_000);
    });

    it('is taken back by saving the draft without a time, and survives a restart', async () => {
      const ann = newId();
      const taken = await draftOf(ann, { publishAt: inMs(3_600_000) });
      const kept = await draftOf(ann, { publishAt: inMs(2_000) });
      await world().call(postLifeRpc.saveDraft, { userId: ann, id: taken.id, publishAt: null });
      await world().restart();
      await eventually(async () => expect(await seenBy(null, kept.id)).toMatchObject({ state: 'PUBLISHED' }));
      expect(await seenBy(ann, taken.id)).toMatchObject({ state: 'DRAFT', publishAt: null });
    });
  });
}
