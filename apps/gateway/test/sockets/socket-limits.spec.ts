import { once } from 'node:events';
import { parse } from 'graphql';
import { type Gauge, Registry } from 'prom-client';
import WebSocket from 'ws';
import { AppError, decodeSequence, encodeSequence } from '@fowergram/contracts-core';
import { mediaPush, mediaRpc } from '@fowergram/contracts-media';
import { type NotificationEdge, notificationPush, notificationRpc } from '@fowergram/contracts-notification';
import { userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { SignalsService } from '../../src/realtime/signals.service.js';
import { Quota } from '../../src/sockets/quota.js';
import { SOCKET_LIMITS } from '../../src/sockets/socket-limits.config.js';
import { SocketLimitsService } from '../../src/sockets/socket-limits.service.js';
import { WaitingBytes } from '../../src/sockets/connection.js';
import type { TakenDocument } from '../../src/sockets/subscription-documents.js';
import { connect as open, type Received, type TestSocket } from '../support/socket.js';
import { aPicture } from '../support/models.js';
import { anAddress, openWorld, type TestUser, type World } from '../support/world.js';

const LIVE = 'subscription { notificationReceived { cursor node { actors(first: 1) { username } } } }';
const { socketsPerUser, socketsPerAddress, subscriptionsPerUser, operationsPerSocket, subscriptionLength } =
  SOCKET_LIMITS;

describe('sockets of a gateway', () => {
  let world: World;
  let ann: TestUser;
  let stored: NotificationEdge[] = [];
  let opened: TestSocket[] = [];
  let raw: WebSocket[] = [];

  beforeAll(async () => {
    world = await openWorld();
    await world.answer(notificationRpc.since, ({ after }) => ({
      edges: after === null ? [] : stored.slice(decodeSequence(after)),
      hasMore: false,
      head: encodeSequence(stored.length),
    }));
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    ann = await world.signUp();
    stored = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((socket) => socket.close()));
    for (const socket of raw) socket.on('error', () => undefined).terminate();
    [opened, raw] = [[], []];
    await eventually(async () => signals().upstreamCount + (await openSubscriptions()) === 0);
  });

  const openSubscriptions = async () => {
    const metric = world.app.get(Registry, { strict: false }).getSingleMetric('subscriptions_open') as Gauge;
    return (await metric.get()).values[0]?.value ?? 0;
  };
  const signals = () => world.app.get(SignalsService, { strict: false });
  const limits = () => world.app.get(SocketLimitsService, { strict: false });

  async function connect(as?: TestUser): Promise<TestSocket> {
    const socket = await open(world, as, { headers: { 'x-forwarded-for': anAddress() } });
    opened.push(socket);
    return socket;
  }
  /** Resolves when the server has answered on the socket. */
  const isUp = async (socket: TestSocket) => (await socket.run('{ __typename }')).data.length === 1;

  async function connectMany(count: number, as?: TestUser): Promise<TestSocket[]> {
    const sockets = await Promise.all(Array.from({ length: count }, () => connect(as)));
    expect(await Promise.all(sockets.map(isUp))).not.toContain(false);
    return sockets;
  }
  async function subscribeMany(sockets: TestSocket[], count: number, query = LIVE): Promise<Received[]> {
    const all = Array.from({ length: count }, (_, i) => sockets[i % sockets.length]!.subscribe(query));
    await eventually(async () => (await openSubscriptions()) >= count);
    await haveReadOn(sockets[0]!);
    return all;
  }
  /** A stream reads once more when it has opened; what is asked after such reads is answered after them. */
  const haveReadOn = (socket: TestSocket) =>
    eventually(async () => {
      const before = world.callsOf(notificationRpc.since).length;
      await socket.run('{ unreadNotificationCount }');
      return world.callsOf(notificationRpc.since).length === before;
    });

  function push(): void {
    const [createdAt, updatedAt] = ['2026-11-21T09:30:00.000Z', '2026-11-21T09:30:00.000Z'];
    const edge: NotificationEdge = {
      cursor: encodeSequence(stored.length + 1),
      node: {
        id: newId(),
        recipientId: ann.id,
        kind: 'LIKE',
        actorIds: [newId()],
        actorCount: 1,
        postId: null,
        commentId: null,
        isRead: false,
        createdAt,
        updatedAt,
      },
    };
    stored.push(edge);
    world.messaging.bus.push(ann.id, notificationPush.added, edge);
  }

  it('are as many of one user as is allowed, then 4430 until one of them is closed', async () => {
    const [first] = await connectMany(socketsPerUser, ann);
    expect((await (await connect(ann)).closed).code).toBe(4430);
    const bo = await world.signUp();
    expect(await isUp(await connect(bo))).toBe(true);
    await first!.close();
    await eventually(async () => {
      const socket = await connect(ann);
      const result = await Promise.race([isUp(socket), socket.closed.then(() => false)]);
      return result;
    });
  });

  it('are as many of one address as is allowed, where a /64 of IPv6 is one, then 429 with Retry-After', async () => {
    const from = (address: string) => {
      const headers = { 'x-forwarded-for': address };
      const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
      raw.push(socket);
      return socket;
    };
    const sockets = Array.from({ length: socketsPerAddress }, (_, i) => from(`2001:db8:0:7::${(i + 1).toString(16)}`));
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    const [, response] = (await once(from('2001:db8:0:7:ffff::1'), 'unexpected-response')) as [
      unknown,
      { statusCode: number; headers: Record<string, string> },
    ];
    expect([response.statusCode, Number(response.headers['retry-after'])]).toEqual([429, expect.any(Number)]);
    await once(from('2001:db8:0:8::1'), 'open');
  });

  it('carry as many subscriptions of one user as is allowed, on one stream upstream, whatever is asked', async () => {
    world.clearCalls();
    const sockets = await connectMany(4, ann);
    const live = await subscribeMany(sockets, subscriptionsPerUser);
    const refused = await Promise.all(Array.from({ length: 50 }, (_, i) => sockets[i % 4]!.run(LIVE)));
    expect(new Set(refused.map(({ errors }) => errors[0]?.extensions?.code))).toEqual(new Set(['RATE_LIMITED']));
    expect([live.flatMap(({ errors }) => errors), signals().upstreamCount]).toEqual([[], 1]);
    live[0]!.stop();
    await eventually(async () => (await openSubscriptions()) === subscriptionsPerUser - 1);
    const again = sockets[0]!.subscribe(LIVE);
    await eventually(async () => (await openSubscriptions()) === subscriptionsPerUser);
    push();
    await eventually(() => again.data.length === 1);
  });

  it('execute an event once for all that ask for the same, and once more for each that asks for something else', async () => {
    const sockets = await connectMany(2, ann);
    world.clearCalls();
    const same = await subscribeMany(sockets, 40);
    world.clearCalls();
    push();
    await eventually(() => same.every(({ data }) => data.length === 1));
    expect(world.callsOf(userRpc.profilesByIds)).toHaveLength(1);
    const other = sockets[0]!.subscribe(LIVE.replace('cursor', 'cursor other: cursor'));
    await eventually(async () => (await openSubscriptions()) === 41);
    await haveReadOn(sockets[0]!);
    world.clearCalls();
    push();
    await eventually(() => other.data.length === 1 && same.every(({ data }) => data.length === 2));
    expect(world.callsOf(userRpc.profilesByIds)).toHaveLength(2);
  });

  it('read once for all streams of a user that have come equally far', async () => {
    const live = await subscribeMany(await connectMany(2, ann), 40);
    world.clearCalls();
    signals().refresh();
    push();
    await eventually(() => live.every(({ data }) => data.length === 1));
    expect(world.callsOf(notificationRpc.since).length).toBeLessThanOrEqual(2);
  });

  it('read an upload once for all who follow it', async () => {
    const media = aPicture({ ownerId: ann.id, status: 'PROCESSING' });
    await world.answer(mediaRpc.byIds, () => [{ ...media }]);
    const [socket] = await connectMany(1, ann);
    const live = Array.from({ length: 20 }, () =>
      socket!.subscribe(`subscription { mediaUpdated(mediaId: "media_${media.id}") { status } }`),
    );
    await eventually(() => live.every(({ data }) => data.length === 1));
    expect(signals().upstreamCount).toBe(1);
    world.clearCalls();
    media.status = 'READY';
    world.messaging.bus.push(ann.id, mediaPush.updated, { mediaId: media.id });
    await Promise.all(live.map(({ ended }) => ended));
    expect(world.callsOf(mediaRpc.byIds)).toHaveLength(1);
  });

  it('refuse more operations at a time than one of them may carry', async () => {
    const [socket] = await connectMany(1, ann);
    await subscribeMany([socket!], operationsPerSocket);
    const { errors } = await socket!.run('{ __typename }');
    expect(errors[0]?.extensions?.code).toBe('RATE_LIMITED');
  });

  it('refuse a subscription that would keep too much', async () => {
    const [socket] = await connectMany(1, ann);
    const { errors } = await socket!.run(LIVE, { junk: 'x'.repeat(subscriptionLength) });
    expect(errors[0]?.extensions?.code).toBe('PAYLOAD_TOO_LARGE');
  });

  it('carry a number of subscriptions of all users together, then none until one ends', () => {
    const service = new SocketLimitsService(new Registry());
    const wanted = { text: LIVE, nodes: 1, document: parse(LIVE) };
    const users = Array.from({ length: SOCKET_LIMITS.subscriptions / subscriptionsPerUser }, (_, i) => `user ${i}`);
    const taken = users.flatMap((user) =>
      Array.from({ length: subscriptionsPerUser }, () => service.takeSubscription(user, wanted)),
    );
    expect(taken.filter((each) => each instanceof AppError)).toEqual([]);
    expect(service.takeSubscription('ann', wanted)).toMatchObject({ code: 'UNAVAILABLE' });
    (taken[0] as TakenDocument).release();
    expect(service.takeSubscription('ann', wanted)).not.toBeInstanceOf(AppError);
  });

  it('keep few texts of one user that are large as syntax trees, and any number of subscriptions with one text', async () => {
    const [socket] = await connectMany(1, ann);
    const tree = '... { ... { cursor } '.repeat(80) + '} '.repeat(80);
    const text = (name: string) => `subscription ${name} { notificationReceived { ${tree} } }`;
    const live = Array.from({ length: 20 }, (_, i) => socket!.subscribe(text(`S${i}`)));
    await Promise.race(live.map(({ ended }) => ended));
    // What is refused is not refused all at once.
    const refused = () => live.flatMap(({ errors }) => errors);
    await eventually(async () => (await openSubscriptions()) + refused().length === live.length);
    expect(new Set(refused().map(({ extensions }) => extensions?.code))).toEqual(new Set(['RATE_LIMITED']));
    const again = await subscribeMany([socket!], 20, text('S0'));
    expect(again.flatMap(({ errors }) => errors)).toEqual([]);
  });

  it('end with 4431 when nobody has signed in on them and nothing was asked for a minute', async () => {
    const [busy, idle] = [await connect(), await connect()];
    const signedIn = await connect(ann);
    await Promise.all([busy, idle, signedIn].map(isUp));
    const { anonymousIdleMs } = SOCKET_LIMITS;
    limits().closeIdleAt(Date.now() + anonymousIdleMs - 30_000);
    expect(await isUp(busy)).toBe(true);
    limits().closeIdleAt(Date.now() + anonymousIdleMs + 1);
    const closed = await Promise.all([busy.closed, idle.closed]);
    expect(closed.map(({ code, reason }) => [code, reason])).toEqual(
      [1, 2].map(() => [4431, expect.stringContaining('Idle')]),
    );
    expect(await isUp(signedIn)).toBe(true);
  });
});

describe('what a key holds', () => {
  it('is given back once, and takes no memory when it is nothing', () => {
    const quota = new Quota(2);
    const releases = [quota.take('ann'), quota.take('ann'), quota.take('ann')];
    expect(releases.map((release) => release !== undefined)).toEqual([true, true, false]);
    releases[0]!();
    releases[0]!();
    expect([quota.hasRoom('ann'), quota.take('ann') !== undefined, quota.hasRoom('ann')]).toEqual([true, true, false]);
    const [, second] = releases;
    second!();
    expect(quota.size).toBe(1);
  });
});

describe('the bytes that wait for slow readers', () => {
  it('are bounded for all sockets together', () => {
    const waiting = new WaitingBytes();
    const socket = (bufferedAmount: number) => ({ bufferedAmount }) as WebSocket;
    const large = Array.from({ length: 16 }, () => socket(SOCKET_LIMITS.bytesWaitingPerSocket));
    expect(waiting.hasRoomFor(1_000)).toBe(true);
    for (const each of large) waiting.add(each);
    expect(waiting.hasRoomFor(1)).toBe(false);
    waiting.delete(large[0]!);
    expect(waiting.hasRoomFor(1_000)).toBe(true);
  });
});
