import { postEvent, postLifeRpc, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { DeletedPostsService } from '../src/lifecycle/sweeps/deleted-posts.service.js';
import { draftTests } from './lifecycle/drafts.js';
import { editTests } from './lifecycle/edits-and-pins.js';
import { CONFLICT, lifeIn, NOT_FOUND } from './lifecycle/life-kit.js';
import { scheduleTests } from './lifecycle/schedules.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('the life of a post', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const { countOf, seenBy, own, claimOf, inMs, draftOf, followerOf } = lifeIn(() => world);

  draftTests(() => world);
  scheduleTests(() => world);
  editTests(() => world);

  describe('the archive', () => {
    it('hides a post from everybody but its author, and gives it back with all that hangs on it', async () => {
      const [ann, bo] = newUserIds(2) as [string, string];
      const viewer = await followerOf(ann);
      const [post, other] = [await world.post(ann), await world.post(ann)];
      await world.untilIdle();
      await world.call(postRpc.like, { postId: post.id, userId: bo });
      const archived = await world.call(postLifeRpc.archive, { id: post.id, userId: ann });
      expect(archived).toMatchObject({ state: 'ARCHIVED', createdAt: post.createdAt });
      expect([await seenBy(bo, post.id), await seenBy(ann, post.id)]).toEqual([undefined, archived]);
      expect([await world.feed(viewer), await world.feed(ann)]).toEqual([[other.id], [other.id]]);
      expect([await own(ann, 'ARCHIVED'), await countOf(ann)]).toEqual([[post.id], 1]);
      await expect(world.call(postRpc.like, { postId: post.id, userId: bo })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      const claim = await claimOf(post.id);
      await eventually(() => world.media.hidden.has(claim));

      await world.call(postLifeRpc.unarchive, { id: post.id, userId: ann });
      await eventually(() => !world.media.hidden.has(claim));
      await world.untilIdle();
      expect(await seenBy(bo, post.id)).toMatchObject({ state: 'PUBLISHED', likeCount: 1, viewerHasLiked: true });
      await eventually(async () => expect(await world.feed(viewer)).toEqual([other.id, post.id]));
      expect([await own(ann, 'ARCHIVED'), await countOf(ann)]).toEqual([[], 2]);
    });

    it('refuses what is not published, in words and with a reason, and nothing changes', async () => {
      const [ann, bo] = newUserIds(2) as [string, string];
      const draft = await draftOf(ann);
      for (const contract of [postLifeRpc.archive, postLifeRpc.unarchive, postLifeRpc.restore, postLifeRpc.pin])
        await expect(world.call(contract, { id: draft.id, userId: ann })).rejects.toMatchObject(CONFLICT('POST_STATE'));
      for (const contract of [postLifeRpc.publish, postLifeRpc.archive, postLifeRpc.restore])
        await expect(world.call(contract, { id: draft.id, userId: bo })).rejects.toMatchObject(NOT_FOUND);
      expect(await seenBy(ann, draft.id)).toEqual(draft);
    });
  });

  describe('a deleted post', () => {
    it('is restored as it was, which a scheduled one is as a draft', async () => {
      const ann = newId();
      const post = await world.post(ann);
      const archived = await world.post(ann);
      await world.call(postLifeRpc.archive, { id: archived.id, userId: ann });
      const scheduled = await draftOf(ann, { publishAt: inMs(3_600_000) });
      for (const { id } of [post, archived, scheduled]) await world.call(postRpc.delete, { id, userId: ann });
      expect(await own(ann, 'DELETED')).toEqual([scheduled.id, archived.id, post.id]);
      expect([await seenBy(ann, post.id), await countOf(ann)]).toEqual([undefined, 0]);
      const states = [];
      for (const { id } of [post, archived, scheduled])
        states.push((await world.call(postLifeRpc.restore, { id, userId: ann })).state);
      expect(states).toEqual(['PUBLISHED', 'ARCHIVED', 'DRAFT']);
      expect([await own(ann, 'DELETED'), await countOf(ann)]).toEqual([[], 1]);
      await eventually(async () => expect(world.media.hidden.has(await claimOf(post.id))).toBe(false));
      expect(world.media.hidden.has(await claimOf(archived.id))).toBe(true);
    });

    it('is erased after 30 days with its pictures and all that hangs on it, and no other is', async () => {
      const [ann, bo] = newUserIds(2) as [string, string];
      const [old, young] = [await world.post(ann), await world.post(ann)];
      await world.call(postRpc.like, { postId: old.id, userId: bo });
      await world.call(postRpc.createComment, { postId: old.id, authorId: bo, text: 'hi' });
      await world.call(postRpc.update, { id: old.id, userId: ann, caption: 'Changed' });
      for (const { id } of [old, young]) await world.call(postRpc.delete, { id, userId: ann });
      const claim = await claimOf(old.id);
      await world.db.query("update post set deleted_at = now() - interval '31 days' where id = $1", [old.id]);
      expect(await own(ann, 'DELETED')).toEqual([young.id]);
      await expect(world.call(postLifeRpc.restore, { id: old.id, userId: ann })).rejects.toMatchObject(NOT_FOUND);
      await world.app.get(DeletedPostsService, { strict: false }).eraseExpired();
      for (const table of ['post_like', 'comment', 'post_edit'])
        expect(await world.db.query(`select from ${table} where post_id = $1`, [old.id])).toEqual([]);
      expect(await world.db.query('select from post where id = $1', [old.id])).toEqual([]);
      expect(world.media.erased).toContain(claim);
      expect(world.media.erased).not.toContain(await claimOf(young.id));
      expect(await world.published(postEvent.deleted)).toContainEqual({ postId: old.id, authorId: ann });
      await world.call(postLifeRpc.restore, { id: young.id, userId: ann });
    });

    it('can be restored for thirty days to the end, and is erased no sooner than an hour after them', async () => {
      const ann = newId();
      const posts = [await world.post(ann), await world.post(ann), await world.post(ann)];
      const ids = posts.map(({ id }) => id);
      const ages = ['29 days 23 hours 50 minutes', '30 days 50 minutes', '30 days 70 minutes'];
      for (const [index, id] of ids.entries()) {
        await world.call(postRpc.delete, { id, userId: ann });
        await world.db.query('update post set deleted_at = now() - $2::interval where id = $1', [id, ages[index]]);
      }
      expect(await own(ann, 'DELETED')).toEqual([ids[0]]);
      await expect(world.call(postLifeRpc.restore, { id: ids[1]!, userId: ann })).rejects.toMatchObject(NOT_FOUND);
      await world.app.get(DeletedPostsService, { strict: false }).eraseExpired();
      const left = await world.db.query<{ id: string }>('select id from post where author_id = $1 order by id', [ann]);
      expect(left.map(({ id }) => id)).toEqual(ids.slice(0, 2));
      expect(await world.call(postLifeRpc.restore, { id: ids[0]!, userId: ann })).toMatchObject({ state: 'PUBLISHED' });
    });
  });

  it('counts what is PUBLISHED, whatever its author does in whatever order', async () => {
    const ann = newId();
    const posts = await Promise.all(Array.from({ length: 5 }, () => world.post(ann)));
    const steps = [postLifeRpc.archive, postLifeRpc.unarchive, postRpc.delete, postLifeRpc.restore] as const;
    const series = posts.map(async ({ id }, index) => {
      for (let step = 0; step < 12; step++)
        await world
          .call(steps[(step * 7 + index * 3 + step * index) % steps.length]!, { id, userId: ann })
          .catch(() => undefined);
    });
    await Promise.all(series);
    const [row] = await world.db.query<{ shown: number }>(
      `select count(*)::integer as shown from post where author_id = $1 and state = 'PUBLISHED'`,
      [ann],
    );
    expect(await countOf(ann)).toBe(row!.shown);
  });

  it('claims media of somebody else for nobody', async () => {
    const [ann, bo] = newUserIds(2) as [string, string];
    const draft = world.call(postLifeRpc.saveDraft, { userId: ann, mediaIds: [world.media.add(bo)] });
    await expect(draft).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['mediaIds', 0] } });
  });
});
