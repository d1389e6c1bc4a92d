import { decodeSequence, encodeSequence } from '@fowergram/contracts-core';
import { type Notification, notificationRpc } from '@fowergram/contracts-notification';
import { type AccountStatus, userEvent } from '@fowergram/contracts-user';
import fc from 'fast-check';
import { type BuiltEvent, addComment, commentBy, follow, like, postBy, unlike } from './event-builders.js';
import { openWorld, userIds, type World } from './world.js';

const { list, since, byIds, unreadCount, markRead } = notificationRpc;

describe('What an account did that is hidden', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  let version = 0;
  const become = (
    userId: string,
    status: AccountStatus,
    at = ++version,
  ): BuiltEvent<typeof userEvent.accountChanged> => ({
    event: userEvent.accountChanged,
    payload: { userId, role: 'USER', status, isPrivate: false, version: at, at: new Date().toISOString() },
  });
  const actorsOf = (notifications: Notification[]): string[] => notifications.map(({ actorIds }) => actorIds[0]!);
  const unread = async (recipientId: string): Promise<number> => (await world.call(unreadCount, { recipientId })).count;

  it.each(['DEACTIVATED', 'SUSPENDED', 'BANNED', 'DELETED'] as const)(
    'since it is %s is neither listed nor counted, and is both again when it is back',
    async (status) => {
      const [ann, bo, cy] = userIds(3) as [string, string, string];
      for (const event of [follow(cy, ann), follow(bo, ann)]) await world.deliver(event);
      const [ofBo] = (await world.shownTo(ann)) as [Notification];
      await world.publishAndConsume(become(bo, status));
      expect([actorsOf(await world.shownTo(ann)), await unread(ann)]).toEqual([[cy], 1]);
      expect(await world.call(byIds, { recipientId: ann, ids: [ofBo.id] })).toEqual([]);
      await world.publishAndConsume(become(bo, 'ACTIVE'));
      expect([actorsOf(await world.shownTo(ann)), await unread(ann)]).toEqual([[bo, cy], 2]);
    },
  );

  it('leaves no count behind that marking what is shown cannot clear', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    for (const event of [follow(cy, ann), follow(bo, ann)]) await world.deliver(event);
    await world.publishAndConsume(become(bo, 'BANNED'));
    const [newest] = (await world.shownTo(ann)) as [Notification];
    expect(await world.call(markRead, { recipientId: ann, upToId: newest.id })).toEqual({ unreadCount: 0 });
    expect(await unread(ann)).toBe(0);
  });

  it('comes to a subscriber who resumes while it is hidden, since it may come back', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    await world.deliver(follow(bo, ann));
    await world.publishAndConsume(become(bo, 'DEACTIVATED'));
    const page = await world.call(since, { recipientId: ann, after: encodeSequence(0), limit: 10 });
    expect(page.edges.map(({ cursor }) => decodeSequence(cursor))).toEqual([1]);
  });

  it('stays what the newest version of the account says, in whatever order news come', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    await world.deliver(follow(bo, ann));
    const [older, newer] = [++version, ++version];
    await world.publishAndConsume(become(bo, 'ACTIVE', newer));
    await world.publishAndConsume(become(bo, 'BANNED', older));
    expect(actorsOf(await world.shownTo(ann))).toEqual([bo]);
  });

  it('leaves the count equal to what the list shows as unread, whatever happened', async () => {
    const step = fc.record({
      actor: fc.nat(2),
      kind: fc.constantFrom('like', 'unlike', 'comment', 'hide', 'show', 'read'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const [ann, ...actors] = userIds(4) as [string, ...string[]];
        const post = postBy(ann);
        for (const { actor, kind } of steps) {
          const who = actors[actor]!;
          const [newest] = await world.shownTo(ann);
          if (kind === 'like') await world.deliver(like(who, post));
          else if (kind === 'unlike') await world.deliver(unlike(who, post));
          else if (kind === 'comment') await world.deliver(addComment(commentBy(who, post)));
          else if (kind !== 'read') await world.publishAndConsume(become(who, kind === 'hide' ? 'BANNED' : 'ACTIVE'));
          else if (newest) await world.call(markRead, { recipientId: ann, upToId: newest.id });
          const page = await world.call(list, { recipientId: ann, first: 100 });
          expect(await unread(ann)).toBe(page.edges.filter(({ node }) => !node.isRead).length);
        }
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
