import { decodeSequence } from '@fowergram/contracts-core';
import { notificationRpc } from '@fowergram/contracts-notification';
import { postEvent } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { eventSubject } from '@fowergram/messaging';
import { Relay } from '@fowergram/outbox';
import { askOperators, eventually, TcpProxy } from '@fowergram/testing';
import { deletePost, follow, like, postBy, unlike } from './event-builders.js';
import { openWorld, userIds, type World } from './world.js';

const database = new TcpProxy();
let world: World;
beforeAll(async () => void (world = await openWorld({ databaseUrl: (real) => database.to(real) })));
afterAll(async () => {
  await world?.close();
  await database.cut();
});

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);
const pushedSequences = async (recipientId: string) =>
  (await world.pushesTo(recipientId)).map(({ cursor }) => decodeSequence(cursor)).sort((a, b) => a - b);
const followersShownTo = async (recipientId: string) =>
  (await world.shownTo(recipientId)).map(({ actorIds }) => actorIds[0]).sort();

async function expectEachOnce(recipientId: string, followers: string[]): Promise<void> {
  expect(await followersShownTo(recipientId)).toEqual([...followers].sort());
  expect(await pushedSequences(recipientId)).toEqual(upTo(followers.length));
}

describe('Each event', () => {
  it('is pushed by the next process when this one ends between commit and push', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    // A relay that is stopped for good, in a service that goes on: what a kill between the two leaves behind.
    await world.app.get(Relay, { strict: false }).beforeApplicationShutdown();
    await world.publish(follow(bo, ann));
    await eventually(async () => (await world.pushesTo(ann)).length > 0);
    const { received, stop } = await world.listen(ann);
    await world.stopApp();
    expect(received).toEqual([]);
    await world.startApp();
    await eventually(() => received.length > 0);
    stop();
    expect(received.map(({ cursor }) => decodeSequence(cursor))).toEqual([1]);
  });

  it('has its one effect when the process is stopped and started meanwhile', async () => {
    const [ann, ...others] = userIds(201) as [string, ...string[]];
    await world.publish(...others.map((other) => follow(other, ann)));
    for (let round = 0; round < 3; round++) {
      await world.stopApp();
      await world.startApp();
    }
    await world.becomesIdle();
    await expectEachOnce(ann, others);
  });

  it('has its one effect when the database drops its connections meanwhile', async () => {
    const [ann, cy, ...others] = userIds(152) as [string, string, ...string[]];
    const consuming = world.publishAndConsume(...others.flatMap((other) => [follow(other, ann), follow(other, cy)]));
    let cuts = 0;
    await eventually(async () => {
      await database.cut();
      await database.restore();
      return ++cuts === 5;
    });
    await consuming;
    await expectEachOnce(ann, others);
    await expectEachOnce(cy, others);
  });

  it('has its one effect when two replicas share them', async () => {
    const stop = await world.startReplica();
    const [ann, cy, ...others] = userIds(102) as [string, string, ...string[]];
    const [gone, kept] = [postBy(ann), postBy(cy)];
    await world.publishAndConsume(
      ...others.flatMap((other) => [
        like(other, gone),
        follow(other, cy),
        like(other, kept),
        unlike(other, kept),
        follow(other, ann),
      ]),
      deletePost(gone),
    );
    await stop();
    expect(await followersShownTo(ann)).toEqual([...others].sort());
    expect(await followersShownTo(cy)).toEqual([...others].sort());
    for (const recipientId of [ann, cy]) {
      const pushed = await pushedSequences(recipientId);
      expect(pushed).toEqual(upTo(pushed.length));
    }
  });
});

describe('The service without its database', () => {
  it('answers UNAVAILABLE in time, is alive but not ready, and shows afterwards what happened meanwhile', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    await database.cut();
    const startedAt = Date.now();
    const answers = await Promise.allSettled([
      world.call(notificationRpc.list, { recipientId: ann }),
      world.call(notificationRpc.since, { recipientId: ann, after: null, limit: 10 }),
      world.call(notificationRpc.byIds, { recipientId: ann, ids: [newId()] }),
      world.call(notificationRpc.unreadCount, { recipientId: ann }),
      world.call(notificationRpc.markRead, { recipientId: ann, upToId: newId() }),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    expect((await askOperators(world.app, '/health/live')).statusCode).toBe(200);
    expect((await askOperators(world.app, '/health/ready')).statusCode).toBe(503);
    await world.publish(follow(bo, ann));
    await database.restore();
    await eventually(async () => (await world.shownTo(ann)).length === 1);
    expect((await askOperators(world.app, '/health/ready')).statusCode).toBe(200);
  });
});

describe('An event that cannot be read', () => {
  it('becomes a dead letter after five tries, and does not stop what comes after it', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const dead: string[] = [];
    const subscription = world.messaging.nats.subscribe('dead.notification-post-liked', {
      callback: (_error, message) => void dead.push(message.string()),
    });
    await world.messaging.nats.request(eventSubject(postEvent.liked), '{"postId":"poison"}');
    await world.publish(like(bo, postBy(ann)));
    await eventually(async () => (await world.shownTo(ann)).length === 1, 2_000);
    await eventually(() => dead.length > 0, 25_000);
    await world.becomesIdle();
    subscription.unsubscribe();
    expect(dead).toEqual(['{"postId":"poison"}']);
    expect((await world.streams.streams.info('DEAD_LETTERS')).state.messages).toBe(1);
  }, 60_000);
});
