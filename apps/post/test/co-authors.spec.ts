import { coAuthorRpc, postEvent, postLifeRpc, postRpc, repostRpc } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { auditCounters } from '@fowergram/counters';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { COUNTERS } from '../src/counters/counters.registry.js';
import { invitedDraftTests } from './co-authors/invited-drafts.js';
import { sharedFeedTests } from './co-authors/shared-feeds.js';
import { sharingIn } from './co-authors/sharing-kit.js';
import { block, relate, relationOf, setAccount } from './visibility-kit.js';
import { openWorld, type World } from './world.js';

describe('The co-authors of a post', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  const { invite, remove, accept, decline, share, invitations, shown, profile, postCount, events, fewUsers } =
    sharingIn(() => world);

  invitedDraftTests(() => world);
  sharedFeedTests(() => world);

  it('are those who have accepted, in both profiles and both counts, and the invitation is gone', async () => {
    const [ann, bo, cy] = fewUsers(3);
    const post = await world.post(ann);
    for (let times = 0; times < 2; times++) expect((await invite(post.id, ann, bo)).coAuthorIds).toBeUndefined();
    expect([await invitations(bo), await profile(bo, cy), await postCount(bo)]).toEqual([[post.id], [], 0]);
    const invited = await world.call(coAuthorRpc.invited, { ids: [post.id, newId()], authorId: ann });
    expect(invited).toEqual([{ postId: post.id, userIds: [bo] }]);
    expect(await world.call(coAuthorRpc.invited, { ids: [post.id], authorId: cy })).toEqual([]);
    for (let times = 0; times < 2; times++) expect((await accept(post.id, bo)).coAuthorIds).toEqual([bo]);
    expect([await shown(post.id, cy), await invitations(bo)]).toEqual([[[bo]], []]);
    expect([await profile(ann, cy), await profile(bo, cy), await profile(bo, null)]).toEqual([
      [post.id],
      [post.id],
      [post.id],
    ]);
    expect([await postCount(ann), await postCount(bo)]).toEqual([1, 1]);
    expect(await events(postEvent.coAuthorInvited, post.id)).toEqual([bo]);
    expect(await events(postEvent.coAuthorAccepted, post.id)).toEqual([bo]);
  });

  it('stand among their own posts by the time of the post, page after page in both directions', async () => {
    const [ann, bo] = fewUsers(2);
    const posts: string[] = [];
    for (let number = 0; number < 6; number++) {
      const post = await world.post(number % 2 ? ann : bo);
      if (number % 2) await share(post.id, ann, bo);
      posts.unshift(post.id);
    }
    const readAll = async (way: 'first' | 'last') => {
      const ids: string[] = [];
      let from: string | undefined;
      do {
        const page = await world.call(postRpc.byAuthor, {
          authorId: bo,
          viewerId: null,
          ...(way === 'first' ? { first: 2, after: from } : { last: 2, before: from }),
        });
        const found = page.edges.map(({ node }) => node.id);
        if (way === 'first') ids.push(...found);
        else ids.unshift(...found);
        from = page.hasNextPage ? (way === 'first' ? page.edges.at(-1)! : page.edges[0]!).cursor : undefined;
      } while (from);
      return ids;
    };
    expect([await readAll('first'), await readAll('last')]).toEqual([posts, posts]);
  });

  it('end it by declining for good, by leaving for good, or by the author, who may ask again', async () => {
    const [ann, bo, cy, di] = fewUsers(4);
    const post = await world.post(ann);
    const declined = { code: 'CONFLICT', details: { path: ['userId'], reason: 'CO_AUTHOR_DECLINED' } };
    const noInvitation = { code: 'NOT_FOUND', details: { path: ['postId'] } };
    await invite(post.id, ann, bo);
    for (let times = 0; times < 2; times++) expect(await decline(post.id, bo)).toEqual({ declined: true });
    await share(post.id, ann, cy, di);
    await decline(post.id, cy);
    for (const userId of [bo, cy]) {
      await expect(invite(post.id, ann, userId)).rejects.toMatchObject(declined);
      await expect(accept(post.id, userId)).rejects.toMatchObject(noInvitation);
    }
    expect(await shown(post.id, null)).toEqual([[di]]);
    for (let times = 0; times < 2; times++) expect((await remove(post.id, ann, di)).coAuthorIds).toBeUndefined();
    await expect(accept(post.id, di)).rejects.toMatchObject(noInvitation);
    await expect(decline(post.id, di)).rejects.toMatchObject(noInvitation);
    for (const userId of [bo, cy, di]) expect([await profile(userId, ann), await postCount(userId)]).toEqual([[], 0]);
    expect(await events(postEvent.coAuthorEnded, post.id)).toEqual([bo, cy, di]);
    await share(post.id, ann, di);
    expect([await shown(post.id, null), await postCount(di)]).toEqual([[[di]], 1]);
  });

  it('are invited by the author alone, to a post of their own that is not archived, at most three at a time', async () => {
    const [ann, bo, cy, di, ed] = fewUsers(5);
    const post = await world.post(ann);
    const notFound = (path: string) => ({ code: 'NOT_FOUND', details: { path: [path] } });
    const badInput = (path: string) => ({ code: 'BAD_USER_INPUT', details: { path: [path] } });
    const conflict = (path: string, reason: string) => ({ code: 'CONFLICT', details: { path: [path], reason } });
    await expect(invite(post.id, bo, cy)).rejects.toMatchObject(notFound('postId'));
    await expect(remove(post.id, bo, cy)).rejects.toMatchObject(notFound('postId'));
    await expect(invite(newId(), ann, cy)).rejects.toMatchObject(notFound('postId'));
    await expect(invite(post.id, ann, ann)).rejects.toMatchObject(badInput('userId'));
    const [gone] = fewUsers(1);
    world.users.hidden.add(gone);
    await expect(invite(post.id, ann, gone)).rejects.toMatchObject(notFound('userId'));
    const repost = await world.call(repostRpc.repost, { postId: post.id, userId: bo });
    await expect(invite(repost.id, bo, cy)).rejects.toMatchObject(badInput('postId'));
    await share(post.id, ann, bo);
    for (const userId of [cy, di]) await invite(post.id, ann, userId);
    await expect(invite(post.id, ann, ed)).rejects.toMatchObject(conflict('userId', 'TOO_MANY_CO_AUTHORS'));
    await decline(post.id, cy);
    await invite(post.id, ann, ed);
    await world.call(postLifeRpc.archive, { id: post.id, userId: ann });
    await expect(invite(post.id, ann, cy)).rejects.toMatchObject(conflict('postId', 'POST_STATE'));
    await expect(accept(post.id, di)).rejects.toMatchObject(notFound('postId'));
    expect(await invitations(di)).toEqual([]);
    await remove(post.id, ann, di);
    await world.call(postLifeRpc.unarchive, { id: post.id, userId: ann });
    expect([await invitations(di), await invitations(ed)]).toEqual([[], [post.id]]);
  });

  it('do not change who sees the post, and have it in their profile for whoever sees both', async () => {
    const [ann, bo, cy] = fewUsers(3);
    const post = await world.post(ann);
    await share(post.id, ann, bo);
    await setAccount(world, bo, { isPrivate: true });
    expect([await shown(post.id, cy), await profile(ann, cy), await profile(bo, cy)]).toEqual([[[bo]], [post.id], []]);
    await relate(world, cy, bo, { follows: true });
    expect(await profile(bo, cy)).toEqual([post.id]);
    await setAccount(world, ann, { isPrivate: true });
    expect([await shown(post.id, cy), await profile(bo, cy), await shown(post.id, bo)]).toEqual([[], [], []]);
    await relate(world, cy, ann, { follows: true });
    expect([await shown(post.id, cy), await profile(bo, cy)]).toEqual([[[bo]], [post.id]]);
    expect(await decline(post.id, bo)).toEqual({ declined: true });
  });

  it('hear of an invitation when they see the post, not before', async () => {
    const [ann, bo] = fewUsers(2);
    const post = await world.post(ann, { audience: 'FOLLOWERS' });
    await invite(post.id, ann, bo);
    expect([await invitations(bo), await events(postEvent.coAuthorInvited, post.id)]).toEqual([[], []]);
    await expect(accept(post.id, bo)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['postId'] } });
    await relate(world, bo, ann, { follows: true });
    expect(await invitations(bo)).toEqual([post.id]);
    await accept(post.id, bo);
  });

  it('take the post out of the sight of whoever is in a block with one of them, or has reported one', async () => {
    const [ann, bo, cy, di] = fewUsers(4);
    const post = await world.post(ann);
    const { id: repost } = await world.call(repostRpc.repost, { postId: post.id, userId: di });
    await share(post.id, ann, bo);
    await block(world, cy, bo);
    expect([await shown(post.id, cy), await profile(ann, cy), await shown(repost, cy)]).toEqual([[], [], []]);
    await block(world, cy, bo, false);
    await relate(world, cy, bo, { reported: true });
    expect(await shown(post.id, cy)).toEqual([]);
    await relate(world, ann, bo, { reported: true });
    await block(world, di, bo);
    expect([await shown(post.id, ann), await shown(repost, ann)]).toEqual([[[bo]], []]);
  });

  it('are none any more from the moment of a block with the author; of two co-authors the later one leaves', async () => {
    const [ann, bo, cy, di] = fewUsers(4);
    const post = await world.post(ann);
    await share(post.id, ann, bo, cy);
    await invite(post.id, ann, di);
    await world.deliver(userEvent.relationChanged, relationOf(cy, bo, { blocked: true }));
    expect([await shown(post.id, null), await postCount(bo), await postCount(cy)]).toEqual([[[bo]], 1, 0]);
    await block(world, ann, bo);
    await block(world, di, ann);
    expect([await shown(post.id, null), await postCount(bo), await profile(bo, null)]).toEqual([[[]], 0, []]);
    expect((await events(postEvent.coAuthorEnded, post.id)).sort()).toEqual([bo, cy, di].sort());
    for (const userId of [bo, di]) await block(world, userId, ann, false);
    expect([await shown(post.id, null), await invitations(di)]).toEqual([[[]], []]);
    await expect(accept(post.id, di)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('stay, when the event of a block comes after its end', async () => {
    const [ann, bo] = fewUsers(2);
    const post = await world.post(ann);
    const blocked = [relationOf(ann, bo, { blocked: true }), relationOf(bo, ann, { blocked: true })];
    await world.call(postRpc.applyVisibility, { relations: blocked, accounts: [] });
    await block(world, ann, bo, false);
    await share(post.id, ann, bo);
    for (const relation of blocked) await world.deliver(userEvent.relationChanged, relation);
    expect([await shown(post.id, null), await profile(bo, null)]).toEqual([[[bo]], [post.id]]);
  });

  it('count the post while it is published, whatever becomes of it, and an audit finds nothing', async () => {
    const [ann, bo, cy] = fewUsers(3);
    const post = await world.post(ann);
    await share(post.id, ann, bo, cy);
    const counts = () => Promise.all([ann, bo, cy].map(postCount));
    expect(await counts()).toEqual([1, 1, 1]);
    await world.call(postLifeRpc.archive, { id: post.id, userId: ann });
    expect([await counts(), await profile(bo, null)]).toEqual([[0, 0, 0], []]);
    await decline(post.id, cy);
    await world.call(postLifeRpc.unarchive, { id: post.id, userId: ann });
    expect([await counts(), await profile(bo, null), await profile(cy, null)]).toEqual([[1, 1, 0], [post.id], []]);
    await world.call(postRpc.delete, { id: post.id, userId: ann });
    expect([await counts(), await profile(bo, null), await shown(post.id, bo)]).toEqual([[0, 0, 0], [], []]);
    await world.call(postLifeRpc.restore, { id: post.id, userId: ann });
    expect([await counts(), await profile(bo, null)]).toEqual([[1, 1, 0], [post.id]]);
    const audits = await auditCounters({ db: world.db, counters: COUNTERS, repair: false });
    expect(audits.filter(({ drifted }) => drifted > 0)).toEqual([]);
  });

  it('leave the post to its author when they are erased, and lose it with its author', async () => {
    const [ann, bo, cy] = fewUsers(3);
    const [anns, bos] = [await world.post(ann), await world.post(bo)];
    await share(anns.id, ann, bo, cy);
    await share(bos.id, bo, cy);
    await world.deliver(userEvent.accountDeleted, { userId: bo });
    await eventually(() => world.users.erased.includes(bo));
    expect([await shown(anns.id, ann), await shown(bos.id, cy), await postCount(cy)]).toEqual([[[cy]], [], 1]);
    expect(await profile(cy, null)).toEqual([anns.id]);
    const left = await world.db.query('select user_id from co_author where user_id = $1 or author_id = $1', [bo]);
    expect(left).toEqual([]);
    await expect(invite(anns.id, ann, bo)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('accept, or are refused, whatever comes in the same moment: one of both orders has happened', async () => {
    const others: Record<string, (postId: string, ann: string, bo: string) => Promise<unknown>> = {
      withdrawal: (postId, ann, bo) => remove(postId, ann, bo),
      block: (_postId, ann, bo) => block(world, ann, bo),
      deletion: (postId, ann) => world.call(postRpc.delete, { id: postId, userId: ann }),
    };
    for (const [name, other] of Object.entries(others)) {
      for (let round = 0; round < 5; round++) {
        const [ann, bo] = fewUsers(2);
        const post = await world.post(ann);
        await invite(post.id, ann, bo);
        const [accepted] = await Promise.allSettled([accept(post.id, bo), other(post.id, ann, bo)]);
        if (accepted.status === 'rejected') expect(accepted.reason).toMatchObject({ code: 'NOT_FOUND' });
        expect([name, await postCount(bo), await profile(bo, null)]).toEqual([name, 0, []]);
        if (name !== 'deletion') {
          const rows = await world.db.query('select co_author_ids as ids from post where id = $1', [post.id]);
          expect(rows).toEqual([{ ids: [] }]);
        }
      }
    }
  });
});
