import { once } from 'node:events';
import WebSocket from 'ws';
import { AppError, decodeSequence, encodeSequence } from '@fowergram/contracts-core';
import { mediaPush, mediaRpc } from '@fowergram/contracts-media';
import { type NotificationEdge, notificationPush, notificationRpc } from '@fowergram/contracts-notification';
import { postRpc } from '@fowergram/contracts-post';
import { userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { askOperators, eventually } from '@fowergram/testing';
import { notificationCursor, sequenceIn } from '../support/cursors.js';
import { connect as open, type TestSocket } from '../support/socket.js';
import { aPicture, aPost, aProfile } from '../support/models.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

const LIVE =
  'subscription ($after: String) { notificationReceived(after: $after) { cursor node { id kind actorCount actors(first: 1) { username } } } }';

describe('sockets', () => {
  let world: World;
  let ann: TestUser;
  let bo: TestUser;
  let stored: NotificationEdge[];

  beforeAll(async () => {
    world = await openWorld();
    [ann, bo] = [await world.signUp(), await world.signUp()];
    await world.answer(notificationRpc.since, ({ recipientId, after, limit }) => {
      const from = after === null ? 0 : decodeSequence(after);
      if (from > 1_000) throw new AppError('GAP', 'This cursor is too old.');
      const edges = recipientId === ann.id ? stored.filter((edge) => decodeSequence(edge.cursor) > from) : [];
      return {
        edges: after === null ? [] : edges.slice(0, limit),
        hasMore: edges.length > limit,
        head: encodeSequence(stored.length),
      };
    });
  });
  afterAll(() => world?.close());
  beforeEach(() => {
    stored = [];
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((socket) => socket.close()));
    await isLive(0);
  });

  const opened: TestSocket[] = [];
  async function connect(...args: Parameters<typeof open>): Promise<TestSocket> {
    const socket = await open(...args);
    opened.push(socket);
    return socket;
  }

  /** Bo likes something of Ann's: stored first, and pushed unless the signal is lost. */
  function like(options: { isPushed?: boolean } = {}): NotificationEdge {
    const edge: NotificationEdge = {
      cursor: encodeSequence(stored.length + 1),
      node: {
        id: newId(),
        recipientId: ann.id,
        kind: 'LIKE',
        actorIds: [bo.id],
        actorCount: 1,
        postId: null,
        commentId: null,
        isRead: false,
        createdAt: '2026-11-21T09:30:00.000Z',
        updatedAt: '2026-11-21T09:30:00.000Z',
      },
    };
    stored.push(edge);
    if (options.isPushed !== false) world.messaging.bus.push(ann.id, notificationPush.added, edge);
    return edge;
  }
  const metric = async (name: string) =>
    Number(new RegExp(`^${name}\\{[^}]*\\} (\\d+)`, 'm').exec((await askOperators(world.app, '/metrics')).body)?.[1]);
  const isLive = (count = 1) => eventually(async () => (await metric('subscriptions_open')) === count);
  const cursors = (data: { notificationReceived: { cursor: string } }[]) =>
    data.map((each) => sequenceIn(each.notificationReceived.cursor));

  describe('notificationReceived', () => {
    it('brings what happens from now on, with everything that is asked for', async () => {
      like();
      const socket = await connect(world, ann);
      const live = socket.subscribe(LIVE);
      await isLive();
      const edge = like();
      await eventually(() => live.data.length === 1);
      expect(live.data[0].notificationReceived).toEqual({
        cursor: notificationCursor(ann.id, 2),
        node: { id: `notification_${edge.node.id}`, kind: 'LIKE', actorCount: 1, actors: [{ username: bo.username }] },
      });
      await socket.close();
      await isLive(0);
    });

    it('brings exactly what was missed when it goes on from a cursor', async () => {
      for (let count = 0; count < 4; count++) like();
      const socket = await connect(world, ann);
      const live = socket.subscribe(LIVE, { after: notificationCursor(ann.id, 2) });
      await eventually(() => live.data.length === 2);
      like();
      await eventually(() => live.data.length === 3);
      expect(cursors(live.data)).toEqual([3, 4, 5]);
    });

    it('leaves nothing out when signals are lost', async () => {
      const socket = await connect(world, ann);
      const live = socket.subscribe(LIVE);
      await isLive();
      like({ isPushed: false });
      like({ isPushed: false });
      like();
      await eventually(() => live.data.length === 3);
      expect(cursors(live.data)).toEqual([1, 2, 3]);
    });

    it('brings a thing once, however often it is published', async () => {
      const socket = await connect(world, ann);
      const live = socket.subscribe(LIVE);
      await isLive();
      const edge = like();
      for (let i = 0; i < 5; i++) world.messaging.bus.push(ann.id, notificationPush.added, edge);
      like();
      await eventually(() => live.data.length === 2);
      expect(cursors(live.data)).toEqual([1, 2]);
    });

    it('brings nothing that was read before its recipient wants to hear less, but for what is read again', async () => {
      const socket = await connect(world, ann);
      const before = world.handlerOf(notificationRpc.since);
      const reads: (() => void)[] = [];
      await world.answer(notificationRpc.since, async (...args) => {
        const answer = await before(...args);
        await new Promise<void>((resolve) => void reads.push(resolve));
        return answer;
      });
      const [blocked] = [like(), like()];
      const live = socket.subscribe(LIVE, { after: notificationCursor(ann.id, 0) });
      await eventually(() => reads.length === 1);
      world.messaging.bus.push(ann.id, notificationPush.added, { hearsLess: true });
      await world.messaging.nats.flush();
      stored[0] = { ...blocked!, cursor: encodeSequence(0) };
      await world.answer(notificationRpc.since, before);
      reads[0]!();
      await eventually(() => live.data.length === 1);
      like();
      await eventually(() => live.data.length === 2);
      expect(cursors(live.data)).toEqual([2, 3]);
    });

    it("never brings what is another user's", async () => {
      const [socket, others] = [await connect(world, ann), await connect(world, bo)];
      const [live, silent] = [socket.subscribe(LIVE), others.subscribe(LIVE)];
      await isLive(2);
      like();
      await eventually(() => live.data.length === 1);
      expect(silent.data).toEqual([]);
    });

    it('says GAP for a cursor that is too old', async () => {
      const socket = await connect(world, ann);
      const { errors } = await socket.run(LIVE, { after: notificationCursor(ann.id, 5_000) });
      expect(errors[0]?.extensions?.code).toBe('GAP');
    });

    it('asks for a session', async () => {
      const socket = await connect(world);
      const { errors } = await socket.run(LIVE);
      expect(errors[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    });

    it('shows an event a little later when a service is away, and does not skip it', async () => {
      const carl = await world.signUp();
      const socket = await connect(world, ann);
      const live = socket.subscribe(LIVE);
      await isLive();
      let tries = 0;
      const before = world.handlerOf(userRpc.profilesByIds);
      await world.answer(userRpc.profilesByIds, () => {
        tries++;
        throw new AppError('UNAVAILABLE', 'away');
      });
      const edge = like();
      edge.node.actorIds = [carl.id];
      world.messaging.bus.push(ann.id, notificationPush.added, edge);
      await eventually(() => tries > 0 || live.data.length > 0);
      await world.answer(userRpc.profilesByIds, before);
      like();
      await eventually(() => live.data.length === 2);
      expect([cursors(live.data), live.errors]).toEqual([[1, 2], []]);
    });

    it('goes on after the connection to NATS was broken', async () => {
      const socket = await connect(world, ann);
      const live = socket.subscribe(LIVE);
      await isLive();
      like({ isPushed: false });
      await world.app.get<{ reconnect: () => Promise<void> }>((await import('@fowergram/messaging')).NATS).reconnect();
      await eventually(() => live.data.length === 1);
    });
  });

  describe('mediaUpdated', () => {
    const UPLOAD = 'subscription ($id: ID!) { mediaUpdated(mediaId: $id) { id status url } }';

    it('shows the state of now, then each change, and ends when it is final', async () => {
      const media = aPicture({ ownerId: ann.id, status: 'PROCESSING' });
      await world.answer(mediaRpc.byIds, () => [{ ...media }]);
      const socket = await connect(world, ann);
      const live = socket.subscribe(UPLOAD, { id: `media_${media.id}` });
      await eventually(() => live.data.length === 1);
      world.messaging.bus.push(ann.id, mediaPush.updated, { mediaId: newId() });
      media.status = 'READY';
      world.messaging.bus.push(ann.id, mediaPush.updated, { mediaId: media.id });
      await live.ended;
      expect(live.data.map((each) => each.mediaUpdated.status)).toEqual(['PROCESSING', 'READY']);
      expect(live.errors).toEqual([]);
    });

    it("hides other users' uploads", async () => {
      const media = aPicture({ ownerId: bo.id });
      await world.answer(mediaRpc.byIds, () => [media]);
      const socket = await connect(world, ann);
      const { errors } = await socket.run(UPLOAD, { id: `media_${media.id}` });
      expect(errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', path: ['mediaId'] });
    });
  });

  describe('a mutation', () => {
    it('takes the Idempotency-Key of its operation, scoped as over HTTP, and refuses one that is none', async () => {
      await world.answer(postRpc.like, ({ postId }) => aPost({ id: postId }));
      const socket = await connect(world, ann);
      const like = `mutation { likePost(postId: "post_${newId()}") { id } }`;
      world.clearCalls();
      expect((await socket.run(like, {}, { idempotencyKey: 'key 1' })).errors).toEqual([]);
      await socket.run(like);
      const keys = world.callsOf(postRpc.like).map(({ envelope }) => envelope.idempotencyKey);
      expect(keys).toEqual([`${ann.id}:key 1:likePost`, undefined]);
      for (const idempotencyKey of ['', 'é', 'x'.repeat(201), 7, {}]) {
        const { errors } = await socket.run(like, {}, { idempotencyKey });
        expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
      }
      expect(world.callsOf(postRpc.like)).toHaveLength(2);
    });
  });

  describe('that have to be closed', () => {
    const raw = (headers: Record<string, string> = {}, protocol = 'graphql-transport-ws') =>
      new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, protocol, { headers });
    const closeOf = async (socket: WebSocket) => ((await once(socket, 'close')) as [number])[0];
    const whenOpen = async (socket: WebSocket) => (await once(socket, 'open'), socket);
    const say = (socket: WebSocket, message: unknown) =>
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));

    it.each([
      ['a token that is none', 'Bearer nonsense'],
      ['a forged token', 'Bearer forged'],
    ])('close with 4401 for %s', async (_name, authorization) => {
      const [head, payload] = ann.token.split('.');
      const token =
        authorization === 'Bearer forged'
          ? `Bearer ${head}.${payload}.${Buffer.alloc(256).toString('base64url')}`
          : authorization;
      const socket = await connect(world, undefined, { params: { authorization: token } });
      expect((await socket.closed).code).toBe(4401);
    });

    it('close with 4401 when the session ends', async () => {
      const carl = await world.signUp();
      const socket = await connect(world, carl);
      socket.subscribe(LIVE);
      await isLive();
      await world.post('/auth/signout', {}, { authorization: `Bearer ${carl.token}` });
      expect((await socket.closed).code).toBe(4401);
      await isLive(0);
    });

    it('close with 4403 for a cookie that comes from a foreign page, and stay open for our own', async () => {
      const cookie = `sAccessToken=${ann.token}`;
      const foreign = await connect(world, undefined, { headers: { cookie, origin: 'https://evil.example' } });
      expect((await foreign.closed).code).toBe(4403);
      const own = await connect(world, undefined, { headers: { cookie, origin: 'http://127.0.0.1:3000' } });
      expect((await own.run('{ me { username } }')).data).toEqual([{ me: { username: ann.username } }]);
    });

    it('close with 4400 for what is not the protocol', async () => {
      const socket = await whenOpen(raw());
      say(socket, 'hello');
      expect(await closeOf(socket)).toBe(4400);
    });

    it.each([
      ['who asks', '{"type":"connection_init","payload":{"authorization":"a","authorization":"b"}}'],
      ['the query', '{"type":"subscribe","id":"1","payload":{"query":"{ a }","query":"{ __typename }"}}'],
      ['a variable', '{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":{"a":1,"\\u0061":2}}}'],
    ])('close with 4400 for a key that stands twice: %s', async (_what, message) => {
      const socket = await whenOpen(raw());
      say(socket, message);
      expect(await closeOf(socket)).toBe(4400);
    });

    it('close with 4401 for an operation before the connection is made', async () => {
      const socket = await whenOpen(raw());
      say(socket, { type: 'subscribe', id: '1', payload: { query: '{ __typename }' } });
      expect(await closeOf(socket)).toBe(4401);
    });

    it('close with 4429 for a second connection_init', async () => {
      const socket = await whenOpen(raw());
      for (let i = 0; i < 2; i++) say(socket, { type: 'connection_init' });
      expect(await closeOf(socket)).toBe(4429);
    });

    it('close with 4409 for an id that is in use', async () => {
      const socket = await whenOpen(raw());
      say(socket, { type: 'connection_init', payload: { authorization: `Bearer ${ann.token}` } });
      await once(socket, 'message');
      for (let i = 0; i < 2; i++)
        say(socket, {
          type: 'subscribe',
          id: '1',
          payload: { query: 'subscription { notificationReceived { cursor } }' },
        });
      expect(await closeOf(socket)).toBe(4409);
    });

    it('close with 4408 for a client that never says who it is', async () => {
      expect(await closeOf(await whenOpen(raw()))).toBe(4408);
    });

    it('close with 4413 for a reader that does not read, after all that was sent before', async () => {
      const writer = await world.signUp();
      world.profiles.set(writer.id, aProfile({ id: writer.id, bio: 'x'.repeat(100_000) }));
      const query = `{ me { ${Array.from({ length: 8 }, (_, index) => `b${index}: bio`).join(' ')} } }`;
      const socket = await whenOpen(raw());
      let answers = 0;
      socket.on('message', (message) => (answers += String(message).includes('"next"') ? 1 : 0));
      say(socket, { type: 'connection_init', payload: { authorization: `Bearer ${writer.token}` } });
      await once(socket, 'message');
      socket.pause();
      for (let id = 0; id < 20; id++) say(socket, { type: 'subscribe', id: String(id), payload: { query } });
      await eventually(async () => (await metric('websocket_slow_readers_total')) === 1);
      const closed = closeOf(socket);
      socket.resume();
      expect([await closed, answers > 0, answers < 20]).toEqual([4413, true, true]);
    });

    it('close with 1009 for a message that is too large', async () => {
      const socket = await whenOpen(raw());
      say(socket, { type: 'connection_init', payload: { junk: 'x'.repeat(200_000) } });
      expect(await closeOf(socket)).toBe(1009);
    });

    it('are refused with 404 on another path', async () => {
      const socket = new WebSocket(`${world.url.replace('http', 'ws')}/elsewhere`);
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
      expect(response.statusCode).toBe(404);
    });
  });

  it('refuse more operations than one socket may carry, and keep those that are there', async () => {
    const socket = await connect(world, ann);
    const subscriptions = Array.from({ length: 50 }, () =>
      socket.subscribe('subscription { notificationReceived { cursor } }'),
    );
    await isLive(50);
    const { errors } = await socket.run('subscription { notificationReceived { cursor } }');
    expect(errors[0]?.extensions?.code).toBe('RATE_LIMITED');
    like();
    await eventually(() => subscriptions.every((each) => each.data.length === 1));
  });

  it('answer queries too', async () => {
    const socket = await connect(world, ann);
    expect((await socket.run('{ me { username } }')).data).toEqual([{ me: { username: ann.username } }]);
  });
});
