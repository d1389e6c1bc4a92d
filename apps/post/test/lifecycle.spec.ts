import { type MetricValueWithName, Registry } from 'prom-client';
import { type Post, postEvent, postLifeRpc, postRpc, type PostState } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { MAX_DRAFTS } from '../src/lifecycle/drafts.repository.js';
import { DeletedPostsService } from '../src/lifecycle/sweeps/deleted-posts.service.js';
import { type DuePost, DuePostsRepository, LEASE_SECONDS } from '../src/lifecycle/sweeps/due-posts.repository.js';
import { DuePostMetricsService } from '../src/lifecycle/sweeps/due-post-metrics.service.js';
import { POLL_INTERVAL_MS } from '../src/lifecycle/sweeps/due-posts.service.js';
import { newUserIds, openWorld, type World } from './world.js';

const CONFLICT = (reason: string) => ({ code: 'CONFLICT', details: { reason } });
const OVERDUE_SINCE = 'update post set due_at = now(), publish_at = now() - $2::interval where id = $1';
const NOT_FOUND = { code: 'NOT_FOUND', details: { path: ['id'] } };

describe('the life of a post', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  const countOf = async (authorId: string) =>
    (await world.call(postRpc.countsByAuthors, { authorIds: [authorId] }))[0]!.postCount;
  const seenBy = async (viewerId: string | null, id: string): Promise<Post | undefined> =>
    (await world.call(postRpc.byIds, { viewerId, ids: [id] }))[0];
  const own = async (userId: string, state: Exclude<PostState, 'PUBLISHED'>) =>
    (await world.call(postLifeRpc.own, { userId, state })).edges.map(({ node }) => node.id);
  const createdOf = async (id: string) =>
    (await world.published(postEvent.created)).filter(({ postId }) => postId === id);
  const claimOf = async (id: string) =>
    (await world.db.query<{ claim: string }>('select claim_id as claim from post where id = $1', [id]))[0]!.claim;
  const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
  /** What the metrics tell of scheduled posts: how late one is, how many went out, and how late those were in all. */
  const lateness = async () => {
    await world.app.get(DuePostMetricsService).measure();
    const metrics = world.app.get(Registry);
    const overdue = (await metrics.getSingleMetric('scheduled_post_oldest_overdue_seconds')!.get()).values[0]!.value;
    const delays = (await metrics.getSingleMetric('scheduled_post_delay_seconds')!.get())
      .values as MetricValueWithName<never>[];
    const valueOf = (name: string) =>
      delays.find(({ metricName }) => metricName === `scheduled_post_delay_seconds_${name}`)?.value ?? 0;
    return { overdue, count: valueOf('count'), sum: valueOf('sum') };
  };
  const draftOf = (userId: string, extra: object = {}) =>
    world.call(postLifeRpc.saveDraft, { userId, mediaIds: [world.media.add(userId)], ...extra });
  /** A follower whose feed is cached. */
  async function followerOf(authorId: string): Promise<string> {
    const viewer = newId();
    world.users.follow(viewer, authorId);
    await world.feed(viewer);
    return viewer;
  }

  describe('a draft', () => {
    it('may be incomplete, changes piece by piece, and is seen by its author alone', async () => {
      const [ann, bo] = newUserIds(2) as [string, string];
      const draft = await world.call(postLifeRpc.saveDraft, { userId: ann });
      expect(draft).toMatchObject({ state: 'DRAFT', caption: '', mediaIds: [], version: 1 });
      const mediaIds = [world.media.add(ann)];
      await world.call(postLifeRpc.saveDraft, { userId: ann, id: draft.id, mediaIds });
      const saved = await world.call(postLifeRpc.saveDraft, { userId: ann, id: draft.id, caption: 'Sea #sun' });
      expect(saved).toMatchObject({ state: 'DRAFT', mediaIds, hashtags: ['sun'], version: 3, editedAt: null });
      expect([await seenBy(ann, draft.id), await seenBy(bo, draft.id), await seenBy(null, draft.id)]).toEqual([
        saved,
        undefined,
        undefined,
      ]);
      expect([await own(ann, 'DRAFT'), await own(bo, 'DRAFT'), await world.feed(ann)]).toEqual([[draft.id], [], []]);
      expect((await world.call(postRpc.byAuthor, { viewerId: ann, authorId: ann })).edges).toEqual([]);
      await expect(world.call(postRpc.like, { postId: draft.id, userId: ann })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(world.call(postLifeRpc.saveDraft, { userId: bo, id: draft.id })).rejects.toMatchObject(NOT_FOUND);
      expect(await countOf(ann)).toBe(0);
    });

    it('frees the media that it does not show any more', async () => {
      const ann = newId();
      const [kept, dropped] = [world.media.add(ann), world.media.add(ann)];
      const draft = await draftOf(ann, { mediaIds: [kept, dropped] });
      await world.call(postLifeRpc.saveDraft, { userId: ann, id: draft.id, mediaIds: [kept] });
      expect([world.media.isClaimed(kept), world.media.isClaimed(dropped)]).toEqual([true, false]);
    });

    it('is made once for one idempotency key', async () => {
      const ann = newId();
      const input = { userId: ann, caption: 'once', mediaIds: [world.media.add(ann)] };
      const options = { idempotencyKey: newId() };
      const first = await world.call(postLifeRpc.saveDraft, input, options);
      expect(await world.call(postLifeRpc.saveDraft, input, options)).toEqual(first);
      expect(await own(ann, 'DRAFT')).toEqual([first.id]);
    });

    it('that lost its pictures while its publication was under way is not published', async () => {
      const ann = newId();
      const { id } = await draftOf(ann);
      const input = { id, userId: ann };
      for (const publish of [
        () => world.call(postLifeRpc.publish, input),
        () => world.call(postLifeRpc.schedule, { ...input, publishAt: inMs(3_600_000) }),
      ]) {
        await world.call(postLifeRpc.saveDraft, { ...input, mediaIds: [world.media.add(ann)] });
        world.media.afterClaim = async () => {
          world.media.afterClaim = undefined;
          await world.call(postLifeRpc.saveDraft, { ...input, mediaIds: [] });
        };
        await expect(publish()).rejects.toMatchObject(CONFLICT('POST_INCOMPLETE'));
      }
      expect(await seenBy(ann, id)).toMatchObject({ state: 'DRAFT', mediaIds: [] });
    });

    it('that was edited before it was published was not edited, and has no history', async () => {
      const ann = newId();
      const { id } = await draftOf(ann, { caption: 'One' });
      const input = { id, userId: ann };
      const changed = await world.call(postRpc.update, { ...input, caption: 'Two' });
      expect(changed).toMatchObject({ caption: 'Two', editedAt: null, version: 2 });
      await world.call(postLifeRpc.publish, input);
      const [history] = await world.call(postLifeRpc.history, { userId: ann, postIds: [id] });
      expect([await seenBy(null, id), history!.edits]).toMatchObject([{ caption: 'Two', editedAt: null }, []]);
    });

    it('is no longer one once it is published, and is saved no more', async () => {
      const ann = newId();
      const post = await world.post(ann, { caption: 'Out' });
      const save = world.call(postLifeRpc.saveDraft, { userId: ann, id: post.id, caption: 'Back' });
      await expect(save).rejects.toMatchObject(CONFLICT('POST_STATE'));
      expect(await seenBy(null, post.id)).toEqual(post);
    });

    it('is one of 1,000 at most', async () => {
      const ann = newId();
      await world.db.query(
        `insert into post (id, state, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at)
         select gen_random_uuid(), 'DRAFT', $1, '', '{}', '{}', false, gen_random_uuid(), now() from generate_series(1, $2::integer)`,
        [ann, MAX_DRAFTS - 1],
      );
      await draftOf(ann);
      await expect(draftOf(ann)).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'DRAFT_LIMIT' } });
    });

    it('is published once when that is asked for many times, and only when it is complete', async () => {
      const ann = newId();
      const empty = await world.call(postLifeRpc.saveDraft, { userId: ann, caption: 'No picture' });
      const incomplete = world.call(postLifeRpc.publish, { id: empty.id, userId: ann });
      await expect(incomplete).rejects.toMatchObject(CONFLICT('POST_INCOMPLETE'));
      const draft = await draftOf(ann);
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => world.call(postLifeRpc.publish, { id: draft.id, userId: ann })),
      );
      expect(new Set(answers.map(({ state, version }) => `${state} ${version}`))).toEqual(new Set(['PUBLISHED 2']));
      expect(answers[0]!.createdAt > draft.createdAt).toBe(true);
      expect([(await createdOf(draft.id)).length, await countOf(ann)]).toEqual([1, 1]);
      expect(await world.feed(ann)).toEqual([draft.id]);
    });
  });

  describe('a schedule', () => {
    it.each([
      ['in the past', () => inMs(-1_000), { code: 'BAD_USER_INPUT', details: { reason: 'NOT_IN_FUTURE' } }],
      ['in 20 years', () => inMs(20 * 366 * 86_400_000), { code: 'BAD_USER_INPUT' }],
    ])('%s is refused at its field', async (_, publishAt, error) => {
      const ann = newId();
      const draft = await draftOf(ann);
      const input = { id: draft.id, userId: ann, publishAt: publishAt() };
      await expect(world.call(postLifeRpc.schedule, input)).rejects.toMatchObject(error);
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
      const processing = world.media.add(ann, 'PROCESSING');
      const slow = await draftOf(ann, { mediaIds: [processing], publishAt: inMs(3_600_000) });
      await world.db.transaction(async (tx) => {
        await tx.query(`select pg_advisory_xact_lock(hashtextextended('post:' || $1, 0))`, [post.id]);
        await world.db.query(OVERDUE_SINCE, [post.id, '100 seconds']);
        await world.db.query(OVERDUE_SINCE, [slow.id, '1 hour']);
        await eventually(async () => expect((await lateness()).overdue).toBeGreaterThanOrEqual(100));
        expect((await lateness()).overdue).toBeLessThan(3_600);
      });
      await eventually(async () => expect((await lateness()).count).toBe(before.count + 1));
      world.media.endProcessing(processing, 'READY');
      await eventually(async () => expect(await seenBy(null, slow.id)).toMatchObject({ state: 'PUBLISHED' }));
      const { overdue, count, sum } = await lateness();
      expect([before.overdue, overdue, count]).toEqual([0, 0, before.count + 1]);
      expect(sum - before.sum).toBeGreaterThanOrEqual(100);
    });

    it('is kept once, by two replicas and whoever was killed with a post in hand', async () => {
      await world.addReplica();
      const ann = newId();
      const viewer = await followerOf(ann);
      const ids = (await Promise.all(Array.from({ length: 12 }, () => draftOf(ann)))).map(({ id }) => id);
      const publishAt = inMs(1_000);
      const scheduled = await Promise.all(
        ids.map((id) => world.call(postLifeRpc.schedule, { id, userId: ann, publishAt })),
      );
      expect(new Set(scheduled.map(({ state, publishAt: at }) => `${state} ${at}`))).toEqual(
        new Set([`SCHEDULED ${publishAt}`]),
      );
      // As a process leaves it that is killed between taking the post and publishing it.
      await world.db.query("update post set due_at = due_at + interval '2 seconds' where id = $1", [ids[0]]);
      const out = () => world.call(postRpc.byIds, { viewerId: viewer, ids });
      await eventually(async () => expect(await out()).toHaveLength(12));
      for (const post of await out()) {
        expect(post.createdAt >= publishAt).toBe(true);
        expect(Date.parse(post.createdAt) - Date.parse(publishAt)).toBeLessThan(5_000);
        expect(post.publishAt).toBeNull();
      }
      const facts = (await world.published(postEvent.created)).filter(({ postId }) => ids.includes(postId));
      expect([facts.length, await countOf(ann)]).toEqual([12, 12]);
      await world.untilIdle();
      expect((await world.feed(viewer)).sort()).toEqual(ids.sort());
    });

    it('is for a complete draft, also where the time is given with it', async () => {
      const ann = newId();
      const timed = world.call(postLifeRpc.saveDraft, { userId: ann, publishAt: inMs(3_600_000) });
      await expect(timed).rejects.toMatchObject(CONFLICT('POST_INCOMPLETE'));
      expect(await own(ann, 'SCHEDULED')).toEqual([]);
    });

    it('that its author has changed since a replica took the post is as the author says', async () => {
      const ann = newId();
      const later = await draftOf(ann, { publishAt: inMs(3_600_000) });
      const taken = await draftOf(ann);
      const awaiting = await world.post(ann, { mediaIds: [world.media.add(ann, 'PROCESSING')] });
      const ids = [later, taken, awaiting].map(({ id }) => id);
      const due = world.app.get(DuePostsRepository, { strict: false });
      expect(await world.db.transaction((tx) => due.publish(tx, ids, new Date()))).toEqual([]);
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
      const rows = await world.db.query(
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
      const kept = await draftOf(ann, { publishAt: inMs(1_000) });
      await world.call(postLifeRpc.saveDraft, { userId: ann, id: taken.id, publishAt: null });
      await world.restart();
      await eventually(async () => expect(await seenBy(null, kept.id)).toMatchObject({ state: 'PUBLISHED' }));
      expect(await seenBy(ann, taken.id)).toMatchObject({ state: 'DRAFT', publishAt: null });
    });
  });

  describe('a post with pictures that are still processed', () => {
    it('appears when all are READY', async () => {
      const ann = newId();
      const mediaIds = [world.media.add(ann), world.media.add(ann, 'PROCESSING')];
      const post = await world.post(ann, { mediaIds });
      expect(post).toMatchObject({ state: 'SCHEDULED', publishAt: expect.any(String) });
      expect([await seenBy(null, post.id), await countOf(ann)]).toEqual([undefined, 0]);
      world.media.endProcessing(mediaIds[1]!, 'READY');
      await eventually(async () => expect(await seenBy(null, post.id)).toMatchObject({ state: 'PUBLISHED' }));
      expect([(await createdOf(post.id)).length, await countOf(ann)]).toEqual([1, 1]);
    });

    it('is a draft again that says why, when one is rejected, and can be published with another one', async () => {
      const ann = newId();
      const processing = world.media.add(ann, 'PROCESSING');
      const draft = await draftOf(ann, { mediaIds: [processing] });
      await world.call(postLifeRpc.publish, { id: draft.id, userId: ann });
      world.media.endProcessing(processing, 'REJECTED');
      await eventually(async () =>
        expect(await seenBy(ann, draft.id)).toMatchObject({ state: 'DRAFT', publishProblem: 'MEDIA_REJECTED' }),
      );
      const mediaIds = [world.media.add(ann)];
      const saved = await world.call(postLifeRpc.saveDraft, { userId: ann, id: draft.id, mediaIds });
      expect(saved.publishProblem).toBeUndefined();
      const published = await world.call(postLifeRpc.publish, { id: draft.id, userId: ann });
      expect(published).toMatchObject({ state: 'PUBLISHED' });
      expect(published.publishProblem).toBeUndefined();
    });
  });

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

  describe('an edit', () => {
    it('changes what is given, keeps what was said for the author alone, and says when', async () => {
      const [ann, bo] = newUserIds(2) as [string, string];
      const post = await world.post(ann, { caption: 'One #a', location: 'Rimini' });
      const input = { id: post.id, userId: ann };
      const altTexts = [{ mediaId: post.mediaIds[0]!, altText: 'A boat' }];
      const edited = await world.call(postRpc.update, {
        ...input,
        caption: 'Two #b',
        commentsDisabled: true,
        altTexts,
      });
      expect(edited).toMatchObject({
        caption: 'Two #b',
        hashtags: ['b'],
        commentsDisabled: true,
        location: 'Rimini',
        version: 2,
      });
      expect(edited.editedAt! >= post.createdAt).toBe(true);
      expect(world.media.altTexts.get(post.mediaIds[0]!)).toBe('A boat');
      await world.call(postRpc.update, { ...input, caption: 'Three', location: null });
      const historyFor = async (userId: string) =>
        (await world.call(postLifeRpc.history, { userId, postIds: [post.id] }))[0]!.edits.map(({ caption }) => caption);
      expect([await historyFor(ann), await historyFor(bo)]).toEqual([['Two #b', 'One #a'], []]);
      expect(await seenBy(bo, post.id)).toMatchObject({ caption: 'Three', location: null, version: 3 });
      expect(await world.call(postRpc.update, { ...input, caption: 'Three' })).toMatchObject({ version: 3 });
    });

    it('of another version than the expected one is refused, and of many with the same one is kept', async () => {
      const ann = newId();
      const post = await world.post(ann);
      const answers = await Promise.allSettled(
        Array.from({ length: 6 }, (_, index) =>
          world.call(postRpc.update, { id: post.id, userId: ann, caption: `Take ${index}`, expectedVersion: 1 }),
        ),
      );
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const answer of answers)
        if (answer.status === 'rejected') expect(answer.reason).toMatchObject(CONFLICT('VERSION'));
      expect(await seenBy(null, post.id)).toMatchObject({ version: 2 });
    });

    it('of one of several expected versions is kept, and of none of them refused', async () => {
      const ann = newId();
      const post = await world.post(ann);
      const edit = (caption: string, expectedVersions: number[]) =>
        world.call(postRpc.update, {
          id: post.id,
          userId: ann,
          caption,
          expectedVersion: expectedVersions[0]!,
          expectedVersions,
        });
      expect(await edit('Two', [7, 1])).toMatchObject({ version: 2 });
      await expect(edit('Three', [7, 1])).rejects.toMatchObject(CONFLICT('VERSION'));
    });

    it('refuses alt texts of pictures that the post does not show', async () => {
      const ann = newId();
      const post = await world.post(ann);
      const altTexts = [{ mediaId: world.media.add(ann), altText: 'x' }];
      await expect(world.call(postRpc.update, { id: post.id, userId: ann, altTexts })).rejects.toMatchObject({
        code: 'NOT_FOUND',
        details: { path: ['altTexts', 0, 'mediaId'] },
      });
    });

    it('that is refused sets no alt text either', async () => {
      const ann = newId();
      const post = await world.post(ann);
      const input = { id: post.id, userId: ann };
      const altTexts = [{ mediaId: post.mediaIds[0]!, altText: 'A boat' }];
      await world.call(postRpc.update, { ...input, caption: 'Two' });
      const late = world.call(postRpc.update, { ...input, altTexts, expectedVersion: 1 });
      await expect(late).rejects.toMatchObject(CONFLICT('VERSION'));
      await world.call(postRpc.delete, input);
      await expect(world.call(postRpc.update, { ...input, altTexts })).rejects.toMatchObject(CONFLICT('POST_STATE'));
      expect(world.media.altTexts.has(post.mediaIds[0]!)).toBe(false);
    });

    it('keeps the last 50 captions', async () => {
      const ann = newId();
      const post = await world.post(ann);
      await world.db.query(
        `insert into post_edit (post_id, version, caption, edited_at) select $1, -n, 'old', now() from generate_series(1, 60) n`,
        [post.id],
      );
      await world.call(postRpc.update, { id: post.id, userId: ann, caption: 'New' });
      const rows = await world.db.query('select from post_edit where post_id = $1', [post.id]);
      expect(rows).toHaveLength(50);
    });
  });

  describe('a pin', () => {
    it('is for three posts, latest first, and ends with the archive', async () => {
      const [ann, bo] = newUserIds(2) as [string, string];
      const posts: Post[] = [];
      for (let i = 0; i < 4; i++) posts.push(await world.post(ann, i === 2 ? { audience: 'FOLLOWERS' } : {}));
      const pinnedFor = async (viewerId: string) =>
        (await world.call(postLifeRpc.pinned, { viewerId, authorIds: [ann] })).map(({ id }) => id);
      const ids = posts.map(({ id }) => id);
      for (const id of ids.slice(0, 3)) await world.call(postLifeRpc.pin, { id, userId: ann });
      await world.call(postLifeRpc.pin, { id: ids[0]!, userId: ann });
      await expect(world.call(postLifeRpc.pin, { id: ids[3]!, userId: ann })).rejects.toMatchObject(
        CONFLICT('PIN_LIMIT'),
      );
      expect(await pinnedFor(ann)).toEqual([ids[2], ids[1], ids[0]]);
      expect(await pinnedFor(bo)).toEqual([ids[1], ids[0]]);
      await world.call(postLifeRpc.archive, { id: ids[1]!, userId: ann });
      await world.call(postLifeRpc.unarchive, { id: ids[1]!, userId: ann });
      await world.call(postLifeRpc.unpin, { id: ids[2]!, userId: ann });
      expect(await pinnedFor(ann)).toEqual([ids[0]]);
    });

    it('is given to three of many posts that are pinned at once', async () => {
      const ann = newId();
      const posts = await Promise.all(Array.from({ length: 6 }, () => world.post(ann)));
      const answers = await Promise.allSettled(posts.map(({ id }) => world.call(postLifeRpc.pin, { id, userId: ann })));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
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
