import { MAX_WEBHOOKS_PER_ACCOUNT, webhookRpc } from '@fowergram/contracts-notification';
import { accountRpc, userEvent } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { WebhookLedgerService } from '../../src/webhooks/ledger/webhook-ledger.service.js';
import { like, postBy } from '../event-builders.js';
import { openWorld, userIds, type World } from '../world.js';
import { Hooks } from './hooks.js';

describe('The ledger of a webhook', () => {
  let world: World;
  let hooks: Hooks;
  const [ann, bo] = userIds(2) as [string, string];
  beforeAll(async () => {
    world = await openWorld();
    await world.messaging.answer(accountRpc.erasureDone, () => ({}));
    hooks = await Hooks.open(world);
  });
  afterAll(async () => {
    await hooks?.close();
    await world?.close();
  });

  const receivedOf = (path: string, count: number) =>
    eventually(() => {
      expect(hooks.receiver.at(path)).toHaveLength(count);
      return hooks.receiver.at(path).map(({ headers }) => headers['webhook-id']);
    });

  it('has one delivery sent again, or all since a time, under the ids of before', async () => {
    const { webhook, path } = await hooks.add();
    await world.publish(like(ann, postBy(bo)), like(ann, postBy(bo)));
    const first = await receivedOf(path, 2);
    await eventually(async () =>
      expect((await hooks.ledgerOf(webhook)).map(({ state }) => state)).toEqual(['DELIVERED', 'DELIVERED']),
    );
    const [line] = await hooks.ledgerOf(webhook);
    const act = { ...hooks.act(webhook), deliveryId: null, since: null };
    const one = await world.call(webhookRpc.replay, { ...act, deliveryId: line!.id });
    expect(one).toMatchObject({ count: 1, webhook: { id: webhook.id } });
    expect((await receivedOf(path, 3)).at(-1)).toBe(line!.eventId);
    await eventually(async () =>
      expect((await hooks.ledgerOf(webhook)).every(({ state }) => state === 'DELIVERED')).toBe(true),
    );
    const all = await world.call(webhookRpc.replay, { ...act, since: webhook.createdAt });
    expect(all.count).toBe(2);
    expect((await receivedOf(path, 5)).slice(3).sort()).toEqual([...first].sort());
    expect((await world.call(webhookRpc.replay, { ...act, since: '2999-01-01T00:00:00.000Z' })).count).toBe(0);
  });

  it('refuses a replay of nothing, of both, and of what is not there', async () => {
    const { webhook } = await hooks.add();
    const act = { ...hooks.act(webhook), deliveryId: null, since: null };
    const bad = { code: 'BAD_USER_INPUT', details: { path: ['since'] } };
    await expect(world.call(webhookRpc.replay, act)).rejects.toMatchObject(bad);
    await expect(
      world.call(webhookRpc.replay, { ...act, deliveryId: newId(), since: webhook.createdAt }),
    ).rejects.toMatchObject(bad);
    await expect(world.call(webhookRpc.replay, { ...act, deliveryId: newId() })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['deliveryId'] },
    });
  });

  it("and all that is done to the webhook are the account's own", async () => {
    const { webhook } = await hooks.add();
    const foreign = { administratorId: null, reason: null, accountId: newId(), webhookId: webhook.id };
    const none = { code: 'NOT_FOUND', details: { path: ['webhookId'] } };
    for (const contract of [webhookRpc.stop, webhookRpc.start, webhookRpc.rotateSecret, webhookRpc.remove] as const)
      await expect(world.call(contract as typeof webhookRpc.stop, foreign)).rejects.toMatchObject(none);
    await expect(world.call(webhookRpc.update, { ...foreign, url: null, events: ['liked'] })).rejects.toMatchObject(
      none,
    );
    await expect(
      world.call(webhookRpc.replay, { ...foreign, deliveryId: null, since: webhook.createdAt }),
    ).rejects.toMatchObject(none);
    await expect(
      world.call(webhookRpc.deliveries, { webhookId: webhook.id, accountId: foreign.accountId, first: 1 }),
    ).rejects.toMatchObject(none);
    expect(await world.call(webhookRpc.byId, { webhookId: webhook.id, accountId: foreign.accountId })).toBeNull();
    expect(await hooks.now(webhook)).toEqual(webhook);
  });

  it('stands beside a record of who did what', async () => {
    const { webhook } = await hooks.add();
    const { accountId } = webhook;
    const itself = { administratorId: null, reason: null, accountId, webhookId: webhook.id };
    await world.call(webhookRpc.stop, hooks.act(webhook));
    await world.call(webhookRpc.update, { ...itself, url: null, events: ['unliked'] });
    await world.call(webhookRpc.remove, itself);
    const rows = await world.db.query(
      `select action, administrator_id is null as "byItself", reason from webhook_action where webhook_id = $1 order by created_at, id`,
      [webhook.id],
    );
    expect(rows).toEqual([
      { action: 'CREATE', byItself: false, reason: 'For a test.' },
      { action: 'STOP', byItself: false, reason: 'For a test.' },
      { action: 'UPDATE', byItself: true, reason: null },
      { action: 'DELETE', byItself: true, reason: null },
    ]);
  });

  it('is one of ten at most for each account, however many are made at once', async () => {
    const accountId = newId();
    const made = await Promise.allSettled(
      Array.from({ length: MAX_WEBHOOKS_PER_ACCOUNT + 3 }, () => hooks.add({ accountId })),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(MAX_WEBHOOKS_PER_ACCOUNT);
    const refused = made.find((one): one is PromiseRejectedResult => one.status === 'rejected');
    expect(refused!.reason).toMatchObject({ code: 'FORBIDDEN', details: { reason: 'WEBHOOK_LIMIT' } });
    expect(await world.call(webhookRpc.list, { accountId })).toHaveLength(MAX_WEBHOOKS_PER_ACCOUNT);
  });

  it('goes with the webhook, and after seven days', async () => {
    const [{ webhook: deleted, path }, { webhook: kept, path: other }] = [await hooks.add(), await hooks.add()];
    await world.publish(like(ann, postBy(bo)));
    await Promise.all([receivedOf(path, 1), receivedOf(other, 1)]);
    await world.publish(like(ann, postBy(bo)));
    await Promise.all([receivedOf(path, 2), receivedOf(other, 2)]);
    await world.call(webhookRpc.remove, hooks.act(deleted));
    expect(await hooks.now(deleted)).toBeNull();
    const [oldest] = (await hooks.ledgerOf(kept)).reverse();
    await world.db.query(`update webhook_delivery set created_at = now() - interval '7 days 1 minute' where id = $1`, [
      oldest!.id,
    ]);
    await world.app.get(WebhookLedgerService, { strict: false }).purge();
    const rows = await world.db.query<{ id: string }>(
      'select webhook_id as id from webhook_delivery where webhook_id = any($1::uuid[])',
      [[deleted.id, kept.id]],
    );
    expect(rows).toEqual([{ id: kept.id }]);
    expect(await world.db.query('select from webhook where id = $1', [deleted.id])).toEqual([]);
  });

  it('has nothing of a user who is erased, but for what tells others to delete', async () => {
    const [gone] = userIds(1) as [string];
    const { webhook, path } = await hooks.add({ events: ['liked', 'account_deleted'] });
    await world.publish(like(gone, postBy(bo)), like(ann, postBy(gone)), like(ann, postBy(bo)));
    await receivedOf(path, 3);
    await world.publish({ event: userEvent.accountDeleted, payload: { userId: gone } });
    await receivedOf(path, 4);
    await eventually(async () => {
      const lines = await hooks.ledgerOf(webhook);
      expect(lines.map(({ event }) => event).sort()).toEqual(['account_deleted', 'liked']);
    });
    const named = await world.db.query<{ event: string }>(
      'select event from webhook_delivery where strpos(payload::text, $1) > 0 or $1::uuid = any(user_ids)',
      [gone],
    );
    expect(named).toEqual([{ event: 'account_deleted' }]);
    // What comes late of them is not written down any more.
    await world.publish(like(gone, postBy(bo)), like(ann, postBy(bo)));
    await receivedOf(path, 5);
  });
});
