import { jest } from '@jest/globals';
import { decodeSequence, encodeSequence } from '@fowergram/contracts-core';
import { type Notification, notificationPush, notificationRpc } from '@fowergram/contracts-notification';
import { MUTED_FOR_EVER, type Relation, userEvent } from '@fowergram/contracts-user';
import { Relay } from '@fowergram/outbox';
import { eventually } from '@fowergram/testing';
import {
  addComment,
  commentBy,
  deletePost,
  follow,
  like,
  mention,
  movePost,
  postBy,
  relationOf,
  repost,
} from './event-builders.js';
import { openWorld, userIds, type World } from './world.js';

const { applyVisibility, byIds, markRead, since, unreadCount } = notificationRpc;

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

describe('What an actor did of whom the recipient wants to hear nothing', () => {
  const relate = (viewerId: string, authorId: string, relation: Partial<Relation>) =>
    world.call(applyVisibility, { relations: [relationOf(viewerId, authorId, relation)], accounts: [] });

  const actorsOf = (notifications: Notification[]): string[] => notifications.map(({ actorIds }) => actorIds[0]!);

  /** Ann was notified of what cy did, then bo. */
  async function scene() {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    for (const event of [follow(cy, ann), addComment(commentBy(bo, postBy(ann)))]) await world.deliver(event);
    const [ofBo] = (await world.shownTo(ann)) as [Notification];
    return { ann, bo, cy, ofBo };
  }

  /** Whom ann hears of by each of the ways, and how many are unread. */
  async function heard({ ann, ofBo }: Awaited<ReturnType<typeof scene>>) {
    const resumed = await world.call(since, { recipientId: ann, after: encodeSequence(0), limit: 10 });
    return {
      listed: actorsOf(await world.shownTo(ann)),
      resumed: actorsOf(resumed.edges.map(({ node }) => node)),
      head: decodeSequence(resumed.head),
      byId: (await world.call(byIds, { recipientId: ann, ids: [ofBo.id] })).length,
      unread: (await world.call(unreadCount, { recipientId: ann })).count,
    };
  }

  const everything = ({ bo, cy }: { bo: string; cy: string }) => ({
    listed: [bo, cy],
    resumed: [cy, bo],
    head: 2,
    byId: 1,
    unread: 2,
  });
  const withoutBo = ({ cy }: { cy: string }) => ({ listed: [cy], resumed: [cy], head: 2, byId: 0, unread: 1 });

  it.each([
    ['in a block', { blocked: true }],
    ['reported', { reported: true }],
    ['muted for ever', { notificationsMutedUntil: MUTED_FOR_EVER }],
    ['muted until a time', { notificationsMutedUntil: inAnHour() }],
  ])('since they are %s is left out everywhere, and is there again afterwards', async (_name, relation) => {
    const there = await scene();
    expect(await heard(there)).toEqual(everything(there));
    await relate(there.ann, there.bo, relation);
    expect(await heard(there)).toEqual(withoutBo(there));
    await relate(there.ann, there.bo, {});
    expect(await heard(there)).toEqual(everything(there));
  });

  it('is heard of when only their posts are muted, or the mute is over, or they are the ones who muted', async () => {
    const there = await scene();
    const { ann, bo } = there;
    for (const relation of [
      { postsMutedUntil: MUTED_FOR_EVER },
      { notificationsMutedUntil: '2026-01-01T00:00:00.000Z' },
    ]) {
      await relate(ann, bo, relation);
      expect(await heard(there)).toEqual(everything(there));
    }
    await relate(bo, ann, { notificationsMutedUntil: MUTED_FOR_EVER });
    expect(await heard(there)).toEqual(everything(there));
  });

  it('comes back by itself when the mute ends', async () => {
    const there = await scene();
    await relate(there.ann, there.bo, { notificationsMutedUntil: new Date(Date.now() + 1_500).toISOString() });
    expect(await heard(there)).toEqual(withoutBo(there));
    await eventually(async () => (await heard(there)).unread === 2);
    expect(await heard(there)).toEqual(everything(there));
  });

  it('leaves no count behind that marking what is shown cannot clear', async () => {
    const { ann, bo } = await scene();
    await relate(ann, bo, { blocked: true });
    const [newest] = (await world.shownTo(ann)) as [Notification];
    expect(await world.call(markRead, { recipientId: ann, upToId: newest.id })).toEqual({ unreadCount: 0 });
  });

  it('is not pushed, and the number that it took does not stop what comes behind it', async () => {
    const { ann, bo, cy } = await scene();
    await relate(ann, bo, { notificationsMutedUntil: MUTED_FOR_EVER });
    const post = postBy(ann);
    for (const event of [like(bo, post), like(cy, post)]) await world.deliver(event);
    // What bo did before is taken back, too, where its push was not sent yet.
    const pushed = (await world.pushesTo(ann)).filter(({ node }) => node.postId === post.id);
    expect(pushed.map(({ cursor, node }) => [decodeSequence(cursor), node.actorIds])).toEqual([[4, [cy]]]);
  });

  it('is taken back where its push was not sent yet, and nothing else is', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const relay = jest.spyOn(world.app.get(Relay, { strict: false }), 'trigger').mockImplementation(() => undefined);
    try {
      for (const event of [follow(bo, ann), follow(cy, ann), follow(bo, cy)]) await world.deliver(event);
      expect(await world.pushesTo(ann)).toHaveLength(2);
      await relate(ann, bo, { blocked: true });
      expect((await world.pushesTo(ann)).map(({ node }) => node.actorIds)).toEqual([[cy]]);
      expect(await world.pushesTo(cy)).toHaveLength(1);
    } finally {
      relay.mockRestore();
    }
  });

  it("is read again where it was pushed already: the recipient's sockets are signalled before the answer, and no others are", async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const signalled: string[] = [];
    for (const userId of [ann, bo, cy])
      world.messaging.bus.onPush(userId, notificationPush.added, (signal) => {
        if ('hearsLess' in signal) signalled.push(userId);
      });
    await world.messaging.nats.flush();
    await relate(ann, bo, { blocked: true });
    expect(signalled).toEqual([ann]);
    await relate(ann, bo, { follows: true });
    await relate(cy, bo, { reported: true });
    await relate(bo, cy, { notificationsMutedUntil: MUTED_FOR_EVER });
    expect(signalled).toEqual([ann, cy, bo]);
  });

  it('is decided by the event of the change where no command came', async () => {
    const there = await scene();
    await world.publishAndConsume({
      event: userEvent.relationChanged,
      payload: relationOf(there.ann, there.bo, { blocked: true }),
    });
    expect(await heard(there)).toEqual(withoutBo(there));
  });

  it('is never shown after the answer to a block, however much arrives at the same time', async () => {
    const [ann, ...others] = userIds(9) as [string, ...string[]];
    const post = postBy(ann);
    const delivered = Promise.all(others.map((other) => world.deliver(like(other, post))));
    await Promise.all(others.map((other) => relate(ann, other, { blocked: true })));
    const unsent = await world.db.query('select 1 as row from outbox where published_at is null and subject like $1', [
      `%${ann}%`,
    ]);
    expect([unsent, await world.shownTo(ann)]).toEqual([[], []]);
    await delivered;
    expect(await world.shownTo(ann)).toEqual([]);
  });

  it('leaves no row of a relation when one of the two is erased', async () => {
    const { ann, bo } = await scene();
    await relate(ann, bo, { blocked: true });
    await world.publishAndConsume({ event: userEvent.accountDeleted, payload: { userId: bo } });
    const left = () => world.db.query('select 1 as row from relation where $1 in (viewer_id, author_id)', [bo]);
    await eventually(async () => (await left()).length === 0);
    await relate(ann, bo, { follows: true });
    await relate(bo, ann, { follows: true });
    expect(await left()).toEqual([]);
  });
});

describe('What is said about a repost', () => {
  /** Bo has passed on ann's post; dan is mentioned there, and cy likes it and comments on it, which is said to bo. */
  async function scene() {
    const [ann, bo, cy, dan] = userIds(4) as [string, string, string, string];
    const [original, passedOn] = [postBy(ann), postBy(bo)];
    await world.publishAndConsume(
      repost(bo, original, passedOn.id),
      mention(bo, [dan], passedOn),
      like(cy, passedOn),
      addComment(commentBy(cy, passedOn)),
    );
    return { ann, bo, cy, dan, original, passedOn };
  }

  /** How much each is shown, and how much of it they have not read. */
  const shownTo = (...userIds: string[]) =>
    Promise.all(
      userIds.map(async (recipientId) => [
        (await world.shownTo(recipientId)).length,
        (await world.call(unreadCount, { recipientId })).count,
      ]),
    );
  const relate = (viewerId: string, authorId: string, relation: Parameters<typeof relationOf>[2]) =>
    world.call(applyVisibility, { relations: [relationOf(viewerId, authorId, relation)], accounts: [] });
  const all = [2, 2];
  const one = [1, 1];
  const none = [0, 0];

  it.each(['ARCHIVED', 'DELETED'] as const)('is hidden while the original is %s', async (state) => {
    const { bo, cy, dan, original, passedOn } = await scene();
    expect(await shownTo(bo, dan)).toEqual([all, one]);
    await world.publishAndConsume(movePost(original, state, 1));
    expect(await shownTo(bo, dan)).toEqual([none, none]);
    const pushes = (await world.pushesTo(bo)).length;
    await world.publishAndConsume(addComment(commentBy(cy, passedOn)));
    expect((await world.pushesTo(bo)).length).toBe(pushes);
    await world.publishAndConsume(movePost(original, 'PUBLISHED', 2));
    expect(await shownTo(bo, dan)).toEqual([[3, 3], one]);
  });

  it('is hidden from whoever is in a block with the author of the original, or has reported them', async () => {
    const { ann, bo, dan } = await scene();
    for (const between of [{ blocked: true }, { reported: true }]) {
      await relate(dan, ann, between);
      expect(await shownTo(bo, dan)).toEqual([all, none]);
      await relate(dan, ann, {});
    }
    expect(await shownTo(bo, dan)).toEqual([all, one]);
    await relate(bo, ann, { blocked: true });
    expect(await shownTo(bo, dan)).toEqual([none, none]);
  });

  it('is hidden where the author of the original is, or is private for whoever does not follow them', async () => {
    const { ann, bo, dan } = await scene();
    const become = (account: { hidden?: boolean; isPrivate?: boolean }, version: number) =>
      world.call(applyVisibility, {
        relations: [],
        accounts: [{ userId: ann, version, hidden: false, isPrivate: false, ...account }],
      });
    await become({ hidden: true }, 1);
    expect(await shownTo(bo, dan)).toEqual([none, none]);
    await become({ isPrivate: true }, 2);
    await relate(dan, ann, { follows: true });
    expect(await shownTo(bo, dan)).toEqual([none, one]);
    await become({}, 3);
    expect(await shownTo(bo, dan)).toEqual([all, one]);
  });

  it('goes with it, and nothing remembers what it passed on', async () => {
    const { bo, dan, original, passedOn } = await scene();
    await world.publishAndConsume(deletePost(passedOn));
    await world.publishAndConsume(repost(bo, original, passedOn.id));
    expect(await shownTo(bo, dan)).toEqual([none, none]);
    expect(await world.db.query('select from repost where post_id = $1', [passedOn.id])).toEqual([]);
  });
});
