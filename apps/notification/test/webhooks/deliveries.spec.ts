import { Webhook as Verifier } from 'standardwebhooks';
import { webhookRpc } from '@fowergram/contracts-notification';
import { postEvent } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { like, postBy } from '../event-builders.js';
import { openWorld, userIds, type World } from '../world.js';
import { Hooks } from './hooks.js';
import type { Received } from './receiver.js';

describe('A webhook', () => {
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

  const receivedAt = (path: string, count = 1): Promise<Received[]> =>
    eventually(() => {
      expect(hooks.receiver.at(path)).toHaveLength(count);
      return hooks.receiver.at(path);
    });

  it('is notified of what it wants to be notified of, signed as the convention has it, and keeps a line of it', async () => {
    const { webhook, secret, path } = await hooks.add();
    const liked = like(ann, postBy(bo));
    const { postId, version } = liked.payload as { postId: string; version: number };
    const eventId = await world.messaging.publish(postEvent.liked, liked.payload as never);
    await world.publish({
      event: postEvent.created,
      payload: { postId, authorId: bo, createdAt: new Date().toISOString() },
    });
    const [received] = await receivedAt(path);
    const { headers, body } = received!;
    expect(headers).toMatchObject({ 'webhook-id': eventId, 'content-type': 'application/json' });
    expect(new Verifier(secret).verify(body, headers as Record<string, string>)).toEqual({
      type: 'liked',
      timestamp: expect.any(String) as string,
      data: { postId: `post_${postId}`, authorId: `user_${bo}`, likerId: `user_${ann}`, version },
    });
    expect(() =>
      new Verifier(secret).verify(body.replace('liked', 'liker'), headers as Record<string, string>),
    ).toThrow();
    const line = await hooks.becomes(webhook, { state: 'DELIVERED' });
    expect(line).toMatchObject({
      eventId,
      event: 'liked',
      tries: 1,
      lastStatus: 204,
      lastFailure: null,
      nextTryAt: null,
    });
    expect(await hooks.ledgerOf(webhook)).toHaveLength(1);
  });

  it('is notified once, however many processes read and send', async () => {
    const stop = await world.startReplica();
    const { webhook, path } = await hooks.add();
    const post = postBy(bo);
    await world.publish(...userIds(50).map((liker) => like(liker, post)));
    await receivedAt(path, 50);
    await eventually(async () => {
      expect((await hooks.ledgerOf(webhook)).map(({ state, tries }) => `${state} ${tries}`)).toEqual(
        Array.from({ length: 50 }, () => 'DELIVERED 1'),
      );
    });
    expect(new Set(hooks.receiver.at(path).map(({ headers }) => headers['webhook-id'])).size).toBe(50);
    await stop();
  });

  it('hears what happened while every process was down', async () => {
    const { path } = await hooks.add();
    await world.stopApp();
    await world.publish(like(ann, postBy(bo)));
    await world.startApp();
    await receivedAt(path);
  });

  it('is signed with both secrets for a day after the old one was replaced', async () => {
    const { webhook, secret, path } = await hooks.add();
    const { secret: newer } = await world.call(webhookRpc.rotateSecret, hooks.act(webhook));
    await world.publish(like(ann, postBy(bo)));
    const [first] = await receivedAt(path);
    for (const known of [secret, newer!])
      expect(new Verifier(known).verify(first!.body, first!.headers as Record<string, string>)).toBeDefined();
    await world.db.query(`update webhook set previous_until = now() where id = $1`, [webhook.id]);
    await world.publish(like(ann, postBy(bo)));
    const [, second] = await receivedAt(path, 2);
    const verify = (known: string) =>
      new Verifier(known).verify(second!.body, second!.headers as Record<string, string>);
    expect(verify(newer!)).toBeDefined();
    expect(() => verify(secret)).toThrow();
  });

  it('shows its secret once: neither a repeat nor a table has it', async () => {
    const input = {
      administratorId: newId(),
      reason: 'For a test.',
      accountId: newId(),
      url: hooks.receiver.urlOf('/repeated'),
      events: ['liked' as const],
    };
    const create = () => world.call(webhookRpc.create, input, { idempotencyKey: 'create-once' });
    const [first, second] = [await create(), await create()];
    expect(first.secret).toMatch(/^whsec_/);
    expect(second).toEqual({ webhook: first.webhook, secret: null });
    const bytes = Buffer.from(first.secret!.slice('whsec_'.length), 'base64');
    const [row] = await world.db.query<{ secret: Buffer }>('select secret from webhook where id = $1', [
      first.webhook.id,
    ]);
    expect(row!.secret.includes(bytes)).toBe(false);
  });
});
