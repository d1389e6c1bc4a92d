import { decodeSequence, encodeSequence } from '@fowergram/contracts-core';
import { type Notification, notificationRpc } from '@fowergram/contracts-notification';
import { MUTED_FOR_EVER } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { deletePost, follow, like, postBy, relationOf, unlike } from './event-builders.js';
import { openWorld, userIds, type World } from './world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

const { applyVisibility, list, since, byIds, unreadCount, markRead } = notificationRpc;
const badCursors = [
  '',
  'x',
  '!',
  'cy4',
  Buffer.from('s.ABC').toString('base64url'),
  Buffer.from('s.-1').toString('base64url'),
  Buffer.from('s.zzzzzzzzzzz').toString('base64url'),
];

/** Follows from so many users, one after the other; returns them in that order. */
async function followedBy(recipientId: string, count: number): Promise<string[]> {
  const followers = userIds(count);
  for (const follower of followers) await world.deliver(follow(follower, recipientId));
  return followers;
}

/** Stores so many notifications of what one actor did. */
async function crowd(recipientId: string, actorId: string, count: number): Promise<void> {
  await world.db.query('insert into recipient (id, last_sequence) values ($1, $2)', [recipientId, count]);
  await world.db.query(
    `insert into notification (id, recipient_id, kind, actor_id, subject_id, version, active, sequence, created_at, updated_at)
     select gen_random_uuid(), $1, 'COMMENT_LIKE', $2, gen_random_uuid(), n, true, n, now(), now() from generate_series(1, $3::integer) n`,
    [recipientId, actorId, count],
  );
}

describe('notification.list', () => {
  it('comes in pages, newest first, without repeats or skips', async () => {
    const [ann] = userIds(1) as [string];
    const followers = await followedBy(ann, 7);
    const seen: string[] = [];
    let after: string | undefined;
    for (const [size, hasNextPage] of [
      [3, true],
      [3, true],
      [3, false],
    ] as const) {
      const page = await world.call(list, { recipientId: ann, first: size, after });
      expect(page.hasNextPage).toBe(hasNextPage);
      seen.push(...page.edges.map(({ node }) => node.actorIds[0]!));
      after = page.edges.at(-1)!.cursor;
    }
    expect(seen).toEqual(followers.toReversed());
  });

  it('does not move under a reader while more arrives and some is taken back', async () => {
    const [ann] = userIds(1) as [string];
    const followers = await followedBy(ann, 20);
    const seen: string[] = [];
    let after: string | undefined;
    let hasNextPage = true;
    const post = postBy(ann);
    while (hasNextPage) {
      const page = await world.call(list, { recipientId: ann, first: 3, after });
      seen.push(...page.edges.map(({ node }) => node.actorIds[0]!));
      ({ hasNextPage } = page);
      after = page.edges.at(-1)?.cursor;
      const [bo, cy] = userIds(2) as [string, string];
      await world.publishAndConsume(like(bo, post), like(cy, post));
      await world.publishAndConsume(unlike(bo, post));
    }
    expect(seen).toEqual(followers.toReversed());
  });

  it('has nothing to show to somebody who was notified of nothing', async () => {
    expect(await world.call(list, { recipientId: newId() })).toEqual({ edges: [], hasNextPage: false });
    expect(await world.call(unreadCount, { recipientId: newId() })).toEqual({ count: 0 });
  });

  it.each(badCursors.slice(1))('refuses %j, which is no cursor', async (after) => {
    await expect(world.call(list, { recipientId: newId(), after })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['after'] },
    });
  });

  it.each([-1, 101, 1.5])('refuses a page of %d', async (first) => {
    await expect(world.call(list, { recipientId: newId(), first })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['first'] },
    });
  });

  it('refuses a recipient that is no id', async () => {
    await expect(world.call(list, { recipientId: 'ann' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['recipientId'] },
    });
  });
});

describe('notification.since', () => {
  it('answers where to start from when there is no cursor', async () => {
    const [ann] = userIds(1) as [string];
    expect(await world.call(since, { recipientId: ann, after: null, limit: 10 })).toEqual({
      edges: [],
      hasMore: false,
      head: encodeSequence(0),
    });
    await followedBy(ann, 2);
    const live = await world.call(since, { recipientId: ann, after: null, limit: 10 });
    expect(live).toEqual({ edges: [], hasMore: false, head: encodeSequence(2) });
    const [bo] = await followedBy(ann, 1);
    const missed = await world.call(since, { recipientId: ann, after: live.head, limit: 10 });
    expect(missed.edges.map(({ node }) => node.actorIds[0])).toEqual([bo]);
  });

  it('pages oldest first, and gives the head with each page', async () => {
    const [ann] = userIds(1) as [string];
    const followers = await followedBy(ann, 5);
    const seen: string[] = [];
    let after = encodeSequence(0);
    let hasMore = true;
    while (hasMore) {
      const page = await world.call(since, { recipientId: ann, after, limit: 2 });
      seen.push(...page.edges.map(({ node }) => node.actorIds[0]!));
      expect(page.head).toBe(encodeSequence(5));
      after = page.edges.at(-1)!.cursor;
      ({ hasMore } = page);
    }
    expect(seen).toEqual(followers);
    expect(await world.call(since, { recipientId: ann, after, limit: 2 })).toEqual({
      edges: [],
      hasMore: false,
      head: after,
    });
  });

  it('continues after a notification that was taken back, and leaves out others that were', async () => {
    const [ann, bo, cy, dee] = userIds(4) as [string, string, string, string];
    const [gone, kept] = [postBy(ann), postBy(ann)];
    for (const event of [like(bo, gone), like(cy, gone), like(dee, kept), deletePost(gone)]) await world.deliver(event);
    const { edges, head } = await world.call(since, { recipientId: ann, after: encodeSequence(1), limit: 10 });
    expect(edges.map(({ cursor, node }) => [decodeSequence(cursor), node.actorIds[0]])).toEqual([[3, dee]]);
    expect(head).toBe(encodeSequence(3));
  });

  it('looks at a bounded number of what is not shown, and goes on there', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    await crowd(ann, bo, 1_100);
    await world.deliver(follow(cy, ann));
    await world.call(applyVisibility, {
      relations: [relationOf(ann, bo, { notificationsMutedUntil: MUTED_FOR_EVER })],
      accounts: [],
    });
    const pages = [await world.call(since, { recipientId: ann, after: encodeSequence(0), limit: 10 })];
    while (pages.at(-1)!.hasMore)
      pages.push(await world.call(since, { recipientId: ann, after: pages.at(-1)!.next!, limit: 10 }));
    expect(pages.map(({ edges }) => edges.map(({ node }) => node.actorIds[0]))).toEqual([[], [], [cy]]);
  });

  it('answers GAP to a cursor that was never given out', async () => {
    const [ann] = userIds(1) as [string];
    await followedBy(ann, 2);
    await expect(world.call(since, { recipientId: ann, after: encodeSequence(3), limit: 10 })).rejects.toMatchObject({
      code: 'GAP',
      details: { path: ['after'], reason: 'CURSOR_EXPIRED' },
    });
    await expect(
      world.call(since, { recipientId: newId(), after: encodeSequence(1), limit: 10 }),
    ).rejects.toMatchObject({ code: 'GAP' });
    expect((await world.call(since, { recipientId: ann, after: encodeSequence(2), limit: 10 })).edges).toEqual([]);
  });

  it.each(badCursors)('refuses %j, which is no cursor', async (after) => {
    await expect(world.call(since, { recipientId: newId(), after, limit: 10 })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['after'] },
    });
  });
});

describe('notification.by-ids', () => {
  it('finds the recipient’s own, and only while they are shown', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const post = postBy(ann);
    await followedBy(ann, 1);
    await followedBy(bo, 1);
    await world.deliver(like(bo, post));
    const [liked, followed] = (await world.shownTo(ann)) as [Notification, Notification];
    const [foreign] = (await world.shownTo(bo)) as [Notification];
    const ids = [liked.id, foreign.id, newId(), followed.id, liked.id];
    expect((await world.call(byIds, { recipientId: ann, ids })).map(({ id }) => id).sort()).toEqual(
      [liked.id, followed.id].sort(),
    );
    await world.deliver(unlike(bo, post));
    expect((await world.call(byIds, { recipientId: ann, ids })).map(({ id }) => id)).toEqual([followed.id]);
  });
});

describe('notification.count.unread', () => {
  it('counts the newest thousand at most', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    await crowd(ann, bo, 1_100);
    expect(await world.call(unreadCount, { recipientId: ann })).toEqual({ count: 1_000 });
    const [newest] = await world.shownTo(ann);
    expect(await world.call(markRead, { recipientId: ann, upToId: newest!.id })).toEqual({ unreadCount: 0 });
  });
});

describe('notification.read', () => {
  const unread = async (recipientId: string) => (await world.call(unreadCount, { recipientId })).count;

  it('leaves unread what is newer than the notification', async () => {
    const [ann] = userIds(1) as [string];
    await followedBy(ann, 5);
    const shown = await world.shownTo(ann);
    expect(await unread(ann)).toBe(5);
    expect(await world.call(markRead, { recipientId: ann, upToId: shown[2]!.id })).toEqual({ unreadCount: 2 });
    expect(await unread(ann)).toBe(2);
    expect((await world.shownTo(ann)).map(({ isRead }) => isRead)).toEqual([false, false, true, true, true]);
    expect(
      (await world.call(since, { recipientId: ann, after: encodeSequence(0), limit: 9 })).edges.map(
        ({ node }) => node.isRead,
      ),
    ).toEqual([true, true, true, false, false]);
  });

  it('never makes unread what was read', async () => {
    const [ann] = userIds(1) as [string];
    await followedBy(ann, 3);
    const [newest, , oldest] = await world.shownTo(ann);
    await world.call(markRead, { recipientId: ann, upToId: newest!.id });
    expect(await world.call(markRead, { recipientId: ann, upToId: oldest!.id })).toEqual({ unreadCount: 0 });
    await followedBy(ann, 1);
    expect(await unread(ann)).toBe(1);
  });

  it('counts only what is shown, and accepts one that was taken back', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    for (const event of [follow(bo, ann), like(bo, post), follow(cy, ann)]) await world.deliver(event);
    const [, liked] = await world.shownTo(ann);
    await world.deliver(unlike(bo, post));
    expect(await unread(ann)).toBe(2);
    expect(await world.call(markRead, { recipientId: ann, upToId: liked!.id })).toEqual({ unreadCount: 1 });
  });

  it('answers NOT_FOUND to what is unknown or somebody else’s, and reads nothing', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    await followedBy(ann, 1);
    await followedBy(bo, 1);
    const [foreign] = await world.shownTo(bo);
    for (const upToId of [newId(), foreign!.id]) {
      await expect(world.call(markRead, { recipientId: ann, upToId })).rejects.toMatchObject({
        code: 'NOT_FOUND',
        details: { path: ['upToId'] },
      });
    }
    await expect(world.call(markRead, { recipientId: ann, upToId: 'x' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['upToId'] },
    });
    expect([await unread(ann), await unread(bo)]).toEqual([1, 1]);
  });

  it('answers a repeated key with the first answer, and refuses it for another notification', async () => {
    const [ann] = userIds(1) as [string];
    await followedBy(ann, 2);
    const [newest, oldest] = await world.shownTo(ann);
    const options = { idempotencyKey: newId() };
    const first = await world.call(markRead, { recipientId: ann, upToId: oldest!.id }, options);
    await followedBy(ann, 1);
    expect(await world.call(markRead, { recipientId: ann, upToId: oldest!.id }, options)).toEqual(first);
    const other = world.call(markRead, { recipientId: ann, upToId: newest!.id }, options);
    await expect(other).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect(await unread(ann)).toBe(2);
  });
});
