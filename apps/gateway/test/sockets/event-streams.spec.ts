import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { type Client, createClient, type RequestParams } from 'graphql-sse';
import { decodeSequence, encodeSequence } from '@fowergram/contracts-core';
import { type NotificationEdge, notificationPush, notificationRpc } from '@fowergram/contracts-notification';
import { postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { askOperators, eventually } from '@fowergram/testing';
import { AdmissionService } from '../../src/overload/admission.service.js';
import type { Connection } from '../../src/sockets/connection.js';
import { SOCKET_LIMITS } from '../../src/sockets/socket-limits.config.js';
import { SocketLimitsService } from '../../src/sockets/socket-limits.service.js';
import { EventStreamsService } from '../../src/sockets/sse/event-streams.service.js';
import { sha256 } from '../../src/api/documents/trusted-documents.js';
import { notificationCursor, sequenceIn } from '../support/cursors.js';
import { aPost } from '../support/models.js';
import { connect } from '../support/socket.js';
import { anAddress, openWorld, type TestUser, type World } from '../support/world.js';

const LIVE = 'subscription ($after: String) { notificationReceived(after: $after) { cursor } }';
const TYPENAME = '{ __typename }';

interface Result {
  // Whatever the query asked for: tests read into it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data?: any;
  errors?: readonly { message: string; extensions?: { code: string; reason?: string } }[];
}

/** What one operation has brought so far to a client of the package. */
interface Received {
  results: Result[];
  /** Resolves to what ended the operation: undefined for its end. */
  ended: Promise<unknown>;
  stop: () => void;
}

describe('event streams', () => {
  let world: World;
  let ann: TestUser;
  let stored: NotificationEdge[];
  const clients: Client[] = [];

  beforeAll(async () => {
    world = await openWorld();
    ann = await world.signUp();
    await world.answer(notificationRpc.since, ({ recipientId, after, limit }) => {
      const from = after === null ? stored.length : decodeSequence(after);
      const edges = recipientId === ann.id ? stored.slice(from) : [];
      return { edges: edges.slice(0, limit), hasMore: edges.length > limit, head: encodeSequence(stored.length) };
    });
  });
  afterAll(() => world?.close());
  beforeEach(() => {
    stored = [];
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.dispose();
    await eventually(async () => (await metric('event_streams_open')) === 0);
    await eventually(async () => (await metric('subscriptions_open')) === 0);
  });

  const metric = async (name: string) =>
    Number(new RegExp(`^${name}\\{[^}]*\\} (\\d+)`, 'm').exec((await askOperators(world.app, '/metrics')).body)?.[1]);
  const isLive = (count = 1) => eventually(async () => (await metric('subscriptions_open')) === count);

  function like(): void {
    const node = {
      id: newId(),
      recipientId: ann.id,
      kind: 'LIKE' as const,
      actorIds: [],
      actorCount: 1,
      postId: null,
      commentId: null,
      isRead: false,
      createdAt: '2026-11-21T09:30:00.000Z',
      updatedAt: '2026-11-21T09:30:00.000Z',
    };
    const edge = { cursor: encodeSequence(stored.length + 1), node };
    stored.push(edge);
    world.messaging.bus.push(ann.id, notificationPush.added, edge);
  }

  /** A client of the package as it comes, that does not reconnect by itself. */
  function clientOf(as?: TestUser, headers: Record<string, string> = {}, singleConnection = false): Client {
    const client = createClient({
      url: `${world.url}/graphql/stream`,
      singleConnection,
      retryAttempts: 0,
      headers: { 'x-forwarded-for': anAddress(), ...(as && { authorization: `Bearer ${as.token}` }), ...headers },
    } as Parameters<typeof createClient>[0]);
    clients.push(client);
    return client;
  }

  function follow(client: Client, params: RequestParams): Received {
    const received: Received = { results: [], ended: Promise.resolve(), stop: () => undefined };
    received.ended = new Promise((resolve) => {
      received.stop = client.subscribe(params, {
        next: (result) => received.results.push(result as Result),
        error: resolve,
        complete: () => resolve(undefined),
      });
    });
    return received;
  }

  async function run(client: Client, query: string, variables?: Record<string, unknown>): Promise<Result[]> {
    const received = follow(client, { query, ...(variables && { variables }) });
    expect(await received.ended).toBeUndefined();
    return received.results;
  }

  /** The status with which a stream is refused before it begins. */
  async function statusOfFailure(client: Client, params: RequestParams): Promise<number> {
    const { ended } = follow(client, params);
    return ((await ended) as { response: Response }).response.status;
  }

  const numbers = (results: Result[]) => results.map(({ data }) => sequenceIn(data.notificationReceived.cursor));

  it('answer a query and a mutation with one event, and complete', async () => {
    await world.answer(postRpc.like, ({ postId }) => aPost({ id: postId }));
    const client = clientOf(ann, { 'idempotency-key': 'streamed' });
    expect(await run(client, '{ me { username } }')).toEqual([{ data: { me: { username: ann.username } } }]);
    world.clearCalls();
    const [answer] = await run(client, `mutation { likePost(postId: "post_${newId()}") { id } }`);
    expect(answer?.errors).toBeUndefined();
    expect(world.callsOf(postRpc.like).map(({ envelope }) => envelope.idempotencyKey)).toEqual([
      `${ann.id}:streamed:likePost`,
    ]);
  });

  it('bring what happens, and exactly what was missed when they go on from a cursor', async () => {
    const live = follow(clientOf(ann), { query: LIVE });
    await isLive();
    for (let count = 0; count < 3; count++) like();
    await eventually(() => live.results.length === 3);
    live.stop();
    await isLive(0);
    const later = follow(clientOf(ann), { query: LIVE, variables: { after: notificationCursor(ann.id, 1) } });
    await eventually(() => later.results.length === 2);
    like();
    await eventually(() => later.results.length === 3);
    expect([numbers(live.results), numbers(later.results)]).toEqual([
      [1, 2, 3],
      [2, 3, 4],
    ]);
  });

  it('say in the stream what is wrong with a document, and with its status what is refused before', async () => {
    const [wrong] = await run(clientOf(ann), '{ nothing }');
    expect(wrong?.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    const [visitor] = await run(clientOf(), LIVE);
    expect(visitor?.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    expect(await statusOfFailure(clientOf(undefined, { authorization: 'Bearer nonsense' }), { query: TYPENAME })).toBe(
      401,
    );
    expect(await statusOfFailure(clientOf(ann, { 'idempotency-key': 'é'.repeat(3) }), { query: TYPENAME })).toBe(400);
    expect(await statusOfFailure(clientOf(ann, {}, true), { query: LIVE })).toBe(405);
  });

  it('refuse in the form of all errors who cannot read them, and a mutation by GET', async () => {
    const get = (query: string, accept = 'text/event-stream') =>
      fetch(`${world.url}/graphql/stream?query=${encodeURIComponent(query)}`, {
        headers: { accept, 'apollo-require-preflight': '1', 'x-forwarded-for': anAddress() },
      });
    const answers = await Promise.all([
      get(TYPENAME, 'application/json'),
      get(`mutation { likePost(postId: "post_${newId()}") { id } }`),
      get(TYPENAME),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([406, 405, 200]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    for (const body of bodies.slice(0, 2))
      expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(bodies[2]).toBe(':\n\nevent: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata: \n\n');
    expect(answers[2]!.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  });

  it.each(['{ me { ... @defer { username } } }', '{ homeFeed { edges @stream { cursor } } }'])(
    'refuse what comes in parts with a typed error, as POST and sockets do: %s',
    async (query) => {
      const socket = await connect(world, ann);
      const answers = [
        (await run(clientOf(ann), query))[0]!.errors,
        (await world.gql(query, {}, { as: ann })).errors,
        (await socket.run(query)).errors,
      ];
      await socket.close();
      for (const errors of answers) {
        expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
        expect(errors?.[0]?.message).toMatch(/^Unknown directive "@(defer|stream)"/);
      }
    },
  );

  it('execute documents by their hash', async () => {
    const query = '{ __typename # streamed\n}';
    const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(query) } };
    const byHash = async (text: string) => {
      const { results, ended } = follow(clientOf(), { query: text, extensions });
      await ended;
      return results[0]?.errors?.[0]?.extensions?.reason ?? results[0]?.data;
    };
    expect(await byHash('')).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await byHash(query)).toEqual({ __typename: 'Query' });
    expect(await byHash('')).toEqual({ __typename: 'Query' });
  });

  it('end with the session that opened them, and without complete, so that clients come back', async () => {
    const carl = await world.signUp();
    const live = follow(clientOf(carl), { query: LIVE });
    await isLive();
    await world.post('/auth/signout', {}, { authorization: `Bearer ${carl.token}` });
    expect(await live.ended).toMatchObject({ message: 'Connection closed while having active streams' });
    expect(await statusOfFailure(clientOf(carl), { query: LIVE })).toBe(401);
  });

  it('count with the sockets of their user, and not as requests that are under way', async () => {
    const bo = await world.signUp();
    const sockets = await Promise.all(Array.from({ length: 5 }, () => connect(world, bo)));
    await Promise.all(sockets.map((socket) => socket.run(TYPENAME)));
    const client = clientOf(bo);
    for (let count = 0; count < SOCKET_LIMITS.socketsPerUser - 5; count++) follow(client, { query: LIVE });
    await isLive(SOCKET_LIMITS.socketsPerUser - 5);
    expect(world.app.get(AdmissionService).usage).toMatchObject({ requests: 0, inFlight: 0 });
    expect(await statusOfFailure(clientOf(bo), { query: LIVE })).toBe(429);
    await Promise.all(sockets.map((socket) => socket.close()));
    await eventually(async () => (await metric('websocket_connections_open')) === 0);
    expect(await run(clientOf(bo), TYPENAME)).toEqual([{ data: { __typename: 'Query' } }]);
  });

  /** A reader of the stream of one operation that reads when it wants to. */
  async function open(query: string, as: TestUser): Promise<IncomingMessage> {
    const asking = httpRequest(`${world.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${as.token}`,
        'x-forwarded-for': anAddress(),
      },
    });
    asking.end(JSON.stringify({ query }));
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    return response;
  }

  it('send a heartbeat to who reads, which keeps proxies from closing them', async () => {
    const response = await open(LIVE, ann);
    let text = '';
    response.on('data', (chunk) => (text += String(chunk)));
    await isLive();
    for (let count = 0; count < 2; count++) world.app.get(EventStreamsService).beat();
    await eventually(() => text === ':\n\n'.repeat(3));
    response.destroy();
  });

  it('are closed when more waits for slow readers of all connections than the process has room for', async () => {
    const response = await open(LIVE, ann);
    let text = '';
    response.on('data', (chunk) => (text += String(chunk)));
    await isLive();
    const { waiting } = world.app.get(SocketLimitsService);
    const full = { bufferedAmount: SOCKET_LIMITS.bytesWaitingInAll } as Connection;
    waiting.add(full);
    like();
    await eventually(() => text.endsWith(': 4413 Too slow: reconnect with the last cursor\n\n'));
    waiting.delete(full);
    expect(await metric('event_streams_slow_readers_total')).toBe(1);
  });

  it('are sent elsewhere when the gateway ends', async () => {
    const live = follow(clientOf(ann), { query: LIVE });
    await isLive();
    const response = await open(LIVE, ann);
    let text = '';
    response.on('data', (chunk) => (text += String(chunk)));
    await isLive(2);
    await world.app.get(EventStreamsService).onModuleDestroy();
    await eventually(() => text.includes(': 1001 Going away: reconnect with the last cursor'));
    expect(text).not.toContain('complete');
    expect(await live.ended).toMatchObject({ message: 'Connection closed while having active streams' });
  });
});
