import type { ServerResponse } from 'node:http';
import { type Webhook, webhookRpc } from '@fowergram/contracts-notification';
import { userEvent } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { WebhookDeliveryService } from '../../src/webhooks/delivery/webhook-delivery.service.js';
import { MAX_TRIES, pauseAfter } from '../../src/webhooks/delivery/webhook-delivery.rules.js';
import { like, postBy } from '../event-builders.js';
import { openWorld, userIds, type World } from '../world.js';
import { Hooks } from './hooks.js';

const DAY_MS = 24 * 60 * 60_000;

describe('A receiver', () => {
  let world: World;
  let hooks: Hooks;
  const [ann, bo] = userIds(2) as [string, string];
  beforeAll(async () => {
    world = await openWorld();
    hooks = await Hooks.open(world);
  });
  afterAll(async () => {
    await hooks?.close();
    await world?.close();
  });

  /** How each path is answered; the others with 204. */
  const answers = new Map<string, (response: ServerResponse) => void>();
  beforeEach(() => {
    hooks.receiver.answering = ({ path }, response) => {
      const answer = answers.get(path);
      if (answer) answer(response);
      else response.writeHead(204).end();
    };
  });
  const status =
    (code: number, headers = {}) =>
    (response: ServerResponse) =>
      void response.writeHead(code, headers).end(`This is ${code}.`);

  const addAnswering = async (answer: (response: ServerResponse) => void) => {
    const added = await hooks.add();
    answers.set(added.path, answer);
    return added;
  };
  const happens = () => world.publish(like(ann, postBy(bo)));
  const stop = (webhook: Webhook) => world.call(webhookRpc.remove, hooks.act(webhook));

  it('that fails is tried again after a pause, and the line says why', async () => {
    const { webhook, path } = await addAnswering(status(500));
    await happens();
    const line = await hooks.becomes(webhook, { tries: 1, lastStatus: 500 });
    expect(line).toMatchObject({ state: 'WAITING', lastFailure: 'STATUS', lastAnswer: 'This is 500.' });
    const pauseMs = Date.parse(line.nextTryAt!) - Date.now();
    expect(pauseMs).toBeGreaterThan(3_000);
    expect(pauseMs).toBeLessThan(6_000);
    expect((await hooks.now(webhook)).failingSince).not.toBeNull();
    answers.set(path, status(200));
    await hooks.passTime(webhook);
    await hooks.becomes(webhook, { state: 'DELIVERED', tries: 2, lastStatus: 200 });
    await eventually(async () => expect((await hooks.now(webhook)).failingSince).toBeNull());
    await stop(webhook);
  });

  it('is tried ten times in about three days, and then no more', async () => {
    const pauses = Array.from({ length: MAX_TRIES }, (_, index) => pauseAfter(index + 1, () => 0.5));
    expect(pauses.at(-1)).toBeUndefined();
    const sum = pauses.reduce<number>((total, pause) => total + (pause ?? 0), 0);
    expect(sum / DAY_MS).toBeGreaterThan(2.9);
    expect(sum / DAY_MS).toBeLessThan(3.3);
    const { webhook, path } = await addAnswering(status(503));
    await happens();
    await hooks.becomes(webhook, { tries: 1, lastStatus: 503 });
    await world.db.query('update webhook_delivery set tries = $2 where webhook_id = $1', [webhook.id, MAX_TRIES - 1]);
    await hooks.passTime(webhook);
    await hooks.becomes(webhook, { state: 'FAILED', tries: MAX_TRIES, nextTryAt: null });
    expect(hooks.receiver.at(path)).toHaveLength(2);
    await stop(webhook);
  });

  it('that answers 410 is notified of nothing any more, until somebody starts its webhook again', async () => {
    const { webhook, path } = await addAnswering(status(410));
    await happens();
    await eventually(async () =>
      expect(await hooks.now(webhook)).toMatchObject({ state: 'STOPPED', stopReason: 'GONE' }),
    );
    answers.delete(path);
    await happens();
    await hooks.passTime(webhook);
    // Whoever is behind it in the log has been notified: the webhook was passed over.
    const { webhook: other } = await hooks.add();
    await happens();
    await hooks.becomes(other, { state: 'DELIVERED' });
    expect(hooks.receiver.at(path)).toHaveLength(1);
    expect(await hooks.ledgerOf(webhook)).toHaveLength(1);
    expect(await world.call(webhookRpc.start, hooks.act(webhook))).toMatchObject({ state: 'ACTIVE', stopReason: null });
    await hooks.becomes(webhook, { state: 'DELIVERED', tries: 2 });
    for (const one of [webhook, other]) await stop(one);
  });

  it('that has failed only, for three days, has its webhook stopped', async () => {
    const { webhook } = await addAnswering(status(500));
    await happens();
    await hooks.becomes(webhook, { tries: 1, lastStatus: 500 });
    const fails = async (since: string) => {
      await world.db.query(`update webhook set failing_since = now() - $2::interval where id = $1`, [
        webhook.id,
        since,
      ]);
      await hooks.passTime(webhook);
    };
    await fails('2 days 23 hours');
    await hooks.becomes(webhook, { tries: 2, lastStatus: 500 });
    expect(await hooks.now(webhook)).toMatchObject({ state: 'ACTIVE' });
    await fails('3 days 1 minute');
    await eventually(async () =>
      expect(await hooks.now(webhook)).toMatchObject({ state: 'STOPPED', stopReason: 'FAILING' }),
    );
    await stop(webhook);
  });

  it('for which too much waits has its webhook stopped', async () => {
    const { webhook } = await hooks.add();
    // In parts, each of which a slow machine writes within the time limit of statements.
    for (let part = 0; part < 9; part++)
      await world.db.query(
        `insert into webhook_delivery (id, webhook_id, event_id, event, payload, user_ids, happened_at, due_at)
          select gen_random_uuid(), $1, $2::text || '-' || n, 'liked', '{}', '{}', now(), now() + interval '1 day'
          from generate_series(1, $3::int) n`,
        [webhook.id, String(part), 11_111],
      );
    const check = () => world.app.get(WebhookDeliveryService, { strict: false }).stopOverfull();
    await check();
    expect(await hooks.now(webhook)).toMatchObject({ state: 'ACTIVE' });
    await world.db.query(
      `insert into webhook_delivery (id, webhook_id, event_id, event, payload, user_ids, happened_at, due_at)
        values (gen_random_uuid(), $1, 'one more', 'liked', '{}', '{}', now(), now() + interval '1 day')`,
      [webhook.id],
    );
    await check();
    expect(await hooks.now(webhook)).toMatchObject({ state: 'STOPPED', stopReason: 'BACKLOG' });
    await world.db.query('delete from webhook_delivery where webhook_id = $1', [webhook.id]);
  });

  it('that hangs is given up after ten seconds, and nobody waits for it meanwhile', async () => {
    const { webhook: hanging } = await addAnswering(() => undefined);
    for (let count = 0; count < 20; count++) await happens();
    await eventually(() => expect(hooks.receiver.received.length).toBeGreaterThan(0));
    const { webhook: other } = await hooks.add();
    const begunAt = Date.now();
    await happens();
    await hooks.becomes(other, { state: 'DELIVERED' });
    expect(Date.now() - begunAt).toBeLessThan(5_000);
    await eventually(async () => {
      const lines = await hooks.ledgerOf(hanging);
      expect(lines.find(({ lastFailure }) => lastFailure === 'TIMEOUT')?.lastDurationMs).toBeGreaterThan(9_000);
    });
    for (const one of [hanging, other]) await stop(one);
  });

  it('that answers ten megabytes is read as far as the ledger shows it', async () => {
    let sent = 0;
    const { webhook } = await addAnswering((response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(64 * 1_024, 'x');
      const write = (): void => {
        while (!response.destroyed && sent < 10_000_000) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    await happens();
    const { lastAnswer } = await hooks.becomes(webhook, { state: 'DELIVERED', lastStatus: 200 });
    expect(lastAnswer).toBe('x'.repeat(2_048));
    expect(sent).toBeLessThan(10_000_000);
    await stop(webhook);
  });

  it('that redirects has failed, and nobody goes where it points', async () => {
    const { webhook } = await addAnswering(status(307, { location: hooks.receiver.urlOf('/elsewhere') }));
    await happens();
    await hooks.becomes(webhook, { state: 'WAITING', lastStatus: 307, lastFailure: 'STATUS' });
    expect(hooks.receiver.at('/elsewhere')).toEqual([]);
    await stop(webhook);
  });

  it('that is not there, or speaks no TLS, is a line that says so', async () => {
    const { webhook: gone } = await hooks.add({ url: 'http://127.0.0.1:1/' });
    const { webhook: plain } = await hooks.add({ url: hooks.receiver.urlOf().replace('http:', 'https:') });
    await happens();
    await hooks.becomes(gone, { lastFailure: 'UNREACHABLE', lastStatus: null, lastAnswer: null });
    await hooks.becomes(plain, { lastFailure: 'TLS', lastStatus: null });
    for (const one of [gone, plain]) await stop(one);
  });

  it('whose process dies within a try is notified again', async () => {
    const { webhook } = await addAnswering(status(500));
    await happens();
    await hooks.becomes(webhook, { tries: 1, lastStatus: 500 });
    // As a process leaves it that took the delivery and was killed: the lease is what makes it due.
    await world.db.query(
      `update webhook_delivery set tries = 2, due_at = now() + interval '30 seconds' where webhook_id = $1`,
      [webhook.id],
    );
    await hooks.passTime(webhook);
    await hooks.becomes(webhook, { tries: 3, lastStatus: 500 });
    await stop(webhook);
  });

  it('of a closed service account is notified of nothing, also by a webhook that is made too late', async () => {
    const accountId = newId();
    const { webhook } = await hooks.add({ accountId });
    const changed = (isClosed: boolean) =>
      world.publishAndConsume({
        event: userEvent.serviceAccountChanged,
        payload: { accountId, isClosed, at: new Date().toISOString() },
      });
    await changed(false);
    expect(await hooks.now(webhook)).toMatchObject({ state: 'ACTIVE' });
    await changed(true);
    expect(await hooks.now(webhook)).toBeNull();
    await expect(hooks.add({ accountId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['accountId'] },
    });
    await changed(true);
  });
});
