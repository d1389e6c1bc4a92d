import { encodeSequence } from '@fowergram/contracts-core';
import { notificationRpc } from '@fowergram/contracts-notification';
import { RetentionService } from '../src/retention/retention.service.js';
import { commentBy, deleteComment, deletePost, follow, like, postBy, unlike } from './event-builders.js';
import { openWorld, userIds, type World } from './world.js';

const daysAgo = (days: number): Date => new Date(Date.now() - days * 24 * 60 * 60 * 1_000);

describe('The retention of 90 days', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  const purge = () => world.app.get(RetentionService, { strict: false }).purge();

  it('purges notifications, and answers GAP to a cursor from before them', async () => {
    const [ann, bo, cy, dee] = userIds(4) as [string, string, string, string];
    for (const event of [follow(bo, ann, daysAgo(92)), follow(cy, ann, daysAgo(91)), follow(dee, ann, daysAgo(89))])
      await world.deliver(event);
    await purge();
    expect((await world.shownTo(ann)).map(({ actorIds }) => actorIds)).toEqual([[dee]]);
    const since = (sequence: number) =>
      world.call(notificationRpc.since, { recipientId: ann, after: encodeSequence(sequence), limit: 10 });
    for (const sequence of [0, 1])
      await expect(since(sequence)).rejects.toMatchObject({
        code: 'GAP',
        details: { path: ['after'], reason: 'CURSOR_EXPIRED' },
      });
    expect((await since(2)).edges).toHaveLength(1);
    expect((await since(3)).edges).toHaveLength(0);
  });

  it('gives new notifications the next number', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    await world.deliver(follow(bo, ann, daysAgo(100)));
    await purge();
    await world.deliver(follow(bo, ann));
    const { edges } = await world.call(notificationRpc.since, {
      recipientId: ann,
      after: encodeSequence(1),
      limit: 10,
    });
    expect(edges.map(({ cursor }) => cursor)).toEqual([encodeSequence(2)]);
  });

  it('stores what is shown again as long as anything new, and keeps cursors before it good', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const post = postBy(ann);
    for (const event of [like(bo, post, daysAgo(91)), unlike(bo, post, daysAgo(50)), follow(cy, ann)])
      await world.deliver(event);
    await world.deliver(like(bo, post));
    await purge();
    expect((await world.shownTo(ann)).map(({ actorIds }) => actorIds)).toEqual([[bo], [cy]]);
    const { edges } = await world.call(notificationRpc.since, {
      recipientId: ann,
      after: encodeSequence(1),
      limit: 10,
    });
    expect(edges.map(({ cursor }) => cursor)).toEqual([encodeSequence(2), encodeSequence(3)]);
  });

  it('purges what was never shown too, whoever else purges at the same time', async () => {
    const [ann, ...others] = userIds(30) as [string, ...string[]];
    for (const other of others) {
      await world.deliver(unlike(other, postBy(ann), daysAgo(95)));
      await world.deliver(like(ann, postBy(other), daysAgo(95)));
    }
    await world.deliver(deletePost(postBy(ann)));
    await world.deliver(deleteComment(commentBy(others[0]!, postBy(ann))));
    for (const table of ['deleted_post', 'deleted_comment'])
      await world.db.pool.query(`update ${table} set deleted_at = $1`, [daysAgo(91)]);
    await Promise.all([purge(), purge(), purge()]);
    expect(await world.db.query('select 1 from notification where created_at < $1', [daysAgo(90)])).toEqual([]);
    expect(await world.db.query('select 1 from deleted_post')).toEqual([]);
    expect(await world.db.query('select 1 from deleted_comment')).toEqual([]);
  });
});
