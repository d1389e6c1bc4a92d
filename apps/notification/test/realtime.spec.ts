import { decodeSequence, encodeSequence } from '@fowergram/contracts-core';
import { type NotificationEdge, notificationPush, notificationRpc } from '@fowergram/contracts-notification';
import { eventually } from '@fowergram/testing';
import { follow, like, postBy, unlike } from './event-builders.js';
import { openWorld, userIds, type World } from './world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

const sequences = (edges: NotificationEdge[]): number[] => edges.map(({ cursor }) => decodeSequence(cursor));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

describe('A push', () => {
  it('carries what the list shows, with its cursor', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const { received, stop } = await world.listen(ann);
    await world.publishAndConsume(like(bo, postBy(ann)));
    await eventually(() => received.length > 0);
    stop();
    const page = await world.call(notificationRpc.list, { recipientId: ann });
    expect(received).toEqual(page.edges);
    expect(notificationPush.added.payload.parse(received[0])).toEqual(received[0]);
  });

  it('goes to the recipient only', async () => {
    const [ann, bo] = userIds(2) as [string, string];
    const [forAnn, forBo] = [await world.listen(ann), await world.listen(bo)];
    await world.publishAndConsume(follow(bo, ann));
    await eventually(() => forAnn.received.length > 0);
    expect(forBo.received).toEqual([]);
    forAnn.stop();
    forBo.stop();
  });
});

describe('Many events for one user at once', () => {
  it('wait for each other without a deadlock, and get numbers in their order', async () => {
    const [ann, ...others] = userIds(401) as [string, ...string[]];
    const post = postBy(ann);
    const { received, stop } = await world.listen(ann);
    await world.publishAndConsume(...others.map((other) => like(other, post)));
    await eventually(() => received.length >= others.length);
    stop();
    expect(sequences(received)).toEqual(upTo(400));
    expect(await world.shownTo(ann)).toHaveLength(400);
  });
});

describe('A subscriber', () => {
  it('who comes and goes sees each notification once, in order', async () => {
    const [ann, ...others] = userIds(301) as [string, ...string[]];
    const post = postBy(ann);
    const seen: number[] = [];
    const consuming = world.publishAndConsume(...others.map((other) => like(other, post)));
    while ((seen.at(-1) ?? 0) < others.length) seen.push(...(await subscribe(ann, seen.at(-1) ?? 0, 25)));
    await consuming;
    expect(seen).toEqual(upTo(others.length));
  });

  it('who only polls misses nothing, though others are taken back at the same time', async () => {
    const [ann, ...others] = userIds(151) as [string, ...string[]];
    const post = postBy(ann);
    const followers: string[] = [];
    let after = encodeSequence(0);
    let done = false;
    const events = others.flatMap((other) => [like(other, post), follow(other, ann), unlike(other, post)]);
    const consuming = world.publishAndConsume(...events).finally(() => (done = true));
    for (let isLast = false; !isLast;) {
      isLast = done;
      const page = await world.call(notificationRpc.since, { recipientId: ann, after, limit: 7 });
      followers.push(...page.edges.filter(({ node }) => node.kind === 'FOLLOW').map(({ node }) => node.actorIds[0]!));
      after = page.edges.at(-1)?.cursor ?? after;
      if (page.hasMore) isLast = false;
    }
    await consuming;
    expect(followers.sort()).toEqual([...others].sort());
    expect(await world.shownTo(ann)).toHaveLength(others.length);
  });
});

/** One life of a subscription, as the gateway runs it: listen first, then read what was missed, then go on live until `enough` are seen. */
async function subscribe(recipientId: string, after: number, enough: number): Promise<number[]> {
  const { received, stop } = await world.listen(recipientId);
  const seen: number[] = [];
  const show = (edges: NotificationEdge[]) =>
    seen.push(...sequences(edges).filter((sequence) => sequence > (seen.at(-1) ?? after)));
  let hasMore = true;
  while (hasMore) {
    const page = await world.call(notificationRpc.since, {
      recipientId,
      after: encodeSequence(seen.at(-1) ?? after),
      limit: 10,
    });
    show(page.edges);
    ({ hasMore } = page);
  }
  await eventually(() => {
    show(received.splice(0));
    return seen.length >= enough || world.isIdle();
  });
  stop();
  show(received);
  return seen;
}
