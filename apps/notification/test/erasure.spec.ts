import { AppError, encodeSequence } from '@fowergram/contracts-core';
import { notificationRpc } from '@fowergram/contracts-notification';
import { accountRpc, userEvent } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { ErasureRepository } from '../src/erasure/erasure.repository.js';
import { NotificationsRepository } from '../src/notifications/notifications.repository.js';
import { followChange } from '../src/notifications/notifications.rules.js';
import { RetentionService } from '../src/retention/retention.service.js';
import { commentBy, type BuiltEvent, follow, like, postBy, addComment, repost, unfollow } from './event-builders.js';
import { openWorld, userIds, type World } from './world.js';

let world: World;
let reported: { userId: string; part: string }[] = [];
let isUserServiceAway = false;

beforeAll(async () => {
  world = await openWorld();
  await world.messaging.answer(accountRpc.erasureDone, (report) => {
    if (isUserServiceAway) throw new AppError('UNAVAILABLE', 'not now');
    reported.push(report);
    return {};
  });
});
afterAll(() => world?.close());
beforeEach(() => {
  reported = [];
  isUserServiceAway = false;
});

const deleted = (userId: string) => world.messaging.publish(userEvent.accountDeleted, { userId });
const isErased = async (userId: string) =>
  (await world.db.query('select 1 from erased_user where user_id = $1 and done_at is not null', [userId])).length > 0;
/** One that has failed is begun again after a minute. */
const MS_UNTIL_ERASED = 90_000;
const MS_OF_FIRST_TRY = 50_000;
const erased = async (...userIds: string[]) => {
  await Promise.all(userIds.map(deleted));
  for (const userId of userIds) await eventually(() => isErased(userId), MS_UNTIL_ERASED);
};
const everyTableWith = async (text: string): Promise<string[]> => {
  const tables = await world.db.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables)
    if (
      (await world.db.query(`select 1 from "${name}" t where t::text like '%' || $1 || '%' limit 1`, [text])).length > 0
    )
      found.push(name);
  return found.sort();
};
/** Postgres keeps the plan of a statement that a connection has executed five times, however large its tables become. */
const plansAreMadeForTinyTables = async () => {
  const [ann, bo, cy] = userIds(3) as [string, string, string];
  await world.publishAndConsume(follow(ann, cy), follow(bo, cy));
  for (const table of ['outbox', 'notification']) await world.db.query(`vacuum analyze ${table}`);
  await erased(...userIds(24));
};
const unread = async (recipientId: string) => (await world.call(notificationRpc.unreadCount, { recipientId })).count;
const since = (recipientId: string, place: number) =>
  world.call(notificationRpc.since, { recipientId, after: encodeSequence(place), limit: 100 });

describe('after an account is deleted', () => {
  it('its id is in no table but that of the erased, and the user service knows', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const [annsPost, bosPost, passedOn] = [postBy(ann), postBy(bo), postBy(bo)];
    await world.publishAndConsume(
      follow(bo, ann),
      like(bo, annsPost),
      follow(ann, bo),
      unfollow(ann, cy),
      like(ann, bosPost),
      addComment(commentBy(ann, bosPost)),
      like(cy, bosPost),
      repost(ann, bosPost, newId()),
      repost(bo, annsPost, passedOn.id),
      like(cy, passedOn),
    );
    const [newest] = await world.shownTo(ann);
    await world.call(
      notificationRpc.markRead,
      { recipientId: ann, upToId: newest!.id },
      { idempotencyKey: `${ann}:key:markRead` },
    );
    expect(await everyTableWith(ann)).toEqual(['idempotency_key', 'notification', 'outbox', 'recipient', 'repost']);
    await erased(ann);
    expect(await everyTableWith(ann)).toEqual(['erased_user']);
    expect(reported).toContainEqual({ userId: ann, part: 'notification' });
    expect(await world.shownTo(ann)).toEqual([]);
    // What passed on a post of hers is going, too, and nothing is shown of it meanwhile.
    expect((await world.shownTo(bo)).map(({ actorIds, postId }) => [actorIds, postId])).toEqual([[[cy], bosPost.id]]);
    expect(new Set((await world.pushesTo(bo)).map(({ node }) => node.actorIds[0]))).toEqual(new Set([cy]));
  });

  it('what others see, count and resume from stays right', async () => {
    const [ann, bo, cy, dee] = userIds(4) as [string, string, string, string];
    for (const event of [follow(bo, ann), follow(cy, ann), follow(dee, ann)]) await world.publishAndConsume(event);
    const [newest, middle] = await world.shownTo(ann);
    await erased(dee, cy);
    expect(await unread(ann)).toBe(1);
    expect((await since(ann, 0)).edges.map(({ node }) => node.actorIds)).toEqual([[bo]]);
    expect(await since(ann, 3)).toEqual({ edges: [], hasMore: false, head: encodeSequence(3) });
    // Somebody may be looking at what has just gone: marking it read marks all before it.
    expect(await world.call(notificationRpc.markRead, { recipientId: ann, upToId: middle!.id })).toEqual({
      unreadCount: 0,
    });
    expect(await world.call(notificationRpc.markRead, { recipientId: ann, upToId: newest!.id })).toEqual({
      unreadCount: 0,
    });
    expect(await world.call(notificationRpc.byIds, { recipientId: ann, ids: [newest!.id, middle!.id] })).toEqual([]);
    const { received, stop } = await world.listen(ann);
    await world.publishAndConsume(like(bo, postBy(ann)));
    await eventually(() => received.length === 1);
    stop();
    expect(received[0]!.cursor).toBe(encodeSequence(4));
    expect((await since(ann, 3)).edges).toHaveLength(1);
  });

  it('a resuming subscription of the deleted user learns that nothing is left', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    await world.publishAndConsume(follow(bo, ann));
    await erased(ann);
    await expect(since(ann, 1)).rejects.toMatchObject({ code: 'GAP' });
    expect(await unread(ann)).toBe(0);
  });

  it('what arrives late brings nothing back and disturbs nobody', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    const bosPost = postBy(bo);
    await world.publishAndConsume(follow(ann, bo));
    await erased(ann);
    await world.publishAndConsume(
      like(ann, bosPost),
      addComment(commentBy(ann, bosPost)),
      unfollow(ann, bo),
      follow(ann, bo),
      follow(bo, ann),
      like(cy, postBy(ann)),
      like(cy, bosPost),
    );
    expect(await everyTableWith(ann)).toEqual(['erased_user']);
    expect((await world.shownTo(bo)).map(({ actorIds }) => actorIds)).toEqual([[cy]]);
    expect((await world.pushesTo(bo)).map(({ cursor }) => cursor)).toEqual([encodeSequence(2)]);
  });

  it('what arrives at the same moment neither stays nor gets stuck', async () => {
    const [ann, bo, ...others] = userIds(40) as [string, string, ...string[]];
    const events: BuiltEvent[] = others.flatMap((other) => [
      follow(other, ann),
      follow(ann, other),
      like(ann, postBy(bo)),
      like(bo, postBy(ann)),
    ]);
    const consuming = world.publishAndConsume(...events.slice(0, 80));
    const erasure = erased(ann, bo);
    await Promise.all([consuming, erasure, world.publishAndConsume(...events.slice(80))]);
    expect(await everyTableWith(ann)).toEqual(['erased_user']);
    expect(await everyTableWith(bo)).toEqual(['erased_user']);
  });

  it('what is just being written of the user is waited for, and then erased', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const writer = world.app.get(NotificationsRepository, { strict: false });
    const change = followChange(follow(ann, bo).payload, true);
    await world.db.transaction(async (tx) => {
      await writer.lockEdges(tx, [change]);
      await writer.store(tx, [{ change, context: { eventId: newId(), consumer: 'test', correlationId: newId() } }]);
      await deleted(ann);
      await eventually(
        async () => (await tx.query(`select 1 from pg_locks where locktype = 'advisory' and not granted`)).length > 0,
      );
    });
    await eventually(() => isErased(ann));
    expect(await everyTableWith(ann)).toEqual(['erased_user']);
  });

  it('more than a batch of everything goes, also by plans that were made while there was next to nothing', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    await plansAreMadeForTinyTables();
    const fill = `
      insert into notification (id, recipient_id, kind, actor_id, subject_id, version, active, sequence, created_at, updated_at)
      select gen_random_uuid(), $1, 'LIKE', $2, gen_random_uuid(), 1, n % 3 > 0, n, now(), now() from generate_series(1, 4500) n`;
    await world.db.query(fill, [ann, bo]);
    await world.db.query(fill, [bo, ann]);
    await world.db.query(
      `insert into outbox (id, subject, payload, published_at) select gen_random_uuid(), 'realtime.' || $1 || '.x', '{}', now() from generate_series(1, 11000)`,
      [ann],
    );
    await world.db.query(
      `insert into outbox (id, subject, payload, published_at) select gen_random_uuid(), 'realtime.' || $1 || '.x', '{}', now() from generate_series(1, 100)`,
      [bo],
    );
    await deleted(ann);
    await eventually(() => isErased(ann), MS_OF_FIRST_TRY);
    expect(await everyTableWith(ann)).toEqual(['erased_user']);
    expect(
      await world.db.query(`select count(*)::integer as left from outbox where subject like 'realtime.' || $1 || '%'`, [
        bo,
      ]),
    ).toEqual([{ left: 100 }]);
    expect(
      await world.db.query('select count(*)::integer as left from notification where recipient_id = $1', [bo]),
    ).toEqual([{ left: 4500 }]);
  });

  it('the report waits for the user service, and is made once', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    await world.publishAndConsume(follow(bo, ann));
    isUserServiceAway = true;
    await deleted(ann);
    await eventually(async () => (await everyTableWith(ann)).join() === 'erased_user');
    expect(await isErased(ann)).toBe(false);
    isUserServiceAway = false;
    await world.db.query('update erased_user set due_at = now() where user_id = $1', [ann]);
    await eventually(() => isErased(ann));
    await deleted(ann);
    await world.becomesIdle();
    expect(reported.filter(({ userId }) => userId === ann)).toHaveLength(1);
  });

  it('a process that is stopped in the middle leaves the rest to the next', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    await world.publishAndConsume(follow(bo, ann));
    await world.stopApp();
    await world.db.query(`insert into erased_user (user_id) values ($1)`, [ann]);
    expect(await new ErasureRepository(world.db).claim()).toBe(ann);
    await world.startApp();
    await world.db.query('update erased_user set due_at = now() where user_id = $1', [ann]);
    await eventually(() => isErased(ann));
    expect(await everyTableWith(ann)).toEqual(['erased_user']);
  });

  it('the id itself is forgotten after 30 days, what is not yet erased is not', async () => {
    const [ann, bo, cy] = userIds(3) as [string, string, string];
    await erased(ann, cy);
    isUserServiceAway = true;
    await deleted(bo);
    await eventually(async () => (await everyTableWith(bo)).length > 0);
    await world.db.query(`update erased_user set erased_at = now() - interval '31 days' where user_id = any($1)`, [
      [ann, bo],
    ]);
    await world.app.get(ErasureRepository, { strict: false }).purge();
    expect([await everyTableWith(ann), await everyTableWith(bo), await everyTableWith(cy)]).toEqual([
      [],
      ['erased_user'],
      ['erased_user'],
    ]);
  });

  it('the places that are left go with their time', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    await world.deliver(follow(bo, ann, new Date(Date.now() - 91 * 24 * 60 * 60 * 1_000)));
    await erased(bo);
    expect(await world.db.query('select sequence from notification where recipient_id = $1', [ann])).toEqual([
      { sequence: 1 },
    ]);
    await world.app.get(RetentionService, { strict: false }).purge();
    expect(await world.db.query('select 1 from notification where recipient_id = $1', [ann])).toEqual([]);
  });
});
