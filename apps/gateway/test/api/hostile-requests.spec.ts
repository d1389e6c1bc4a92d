import { on, once } from 'node:events';
import { GraphQLError } from 'graphql';
import WebSocket from 'ws';
import { postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { DocumentsService, InvalidOperation } from '../../src/api/documents/documents.service.js';
import { connect } from '../support/socket.js';
import { aPost } from '../support/models.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

const FEED = 'query ($first: Int = 2) { homeFeed(first: $first) { edges { node { id } } } }';
const USERS =
  'query ($first: Int!) { me { followers(first: $first) { edges { node { followers(first: $first) { edges { node { followers(first: $first) { edges { node { id } } } } } } } } } } }';

interface Failure {
  extensions: { code: string };
}

/** More often than it takes until a query is compiled, so that the call that compiles is among them. */
const TIMES = 8;

describe('A hostile request', () => {
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld();
    ann = await world.signUp();
    await world.answer(postRpc.homeFeed, () => ({ edges: [], hasNextPage: false }));
  });
  afterAll(() => world?.close());

  it.each<[string, Record<string, unknown>]>([
    ['a list in place of a number', { first: [100] }],
    ['a text in place of a number', { first: '100' }],
    ['a number with a fraction', { first: 1.5 }],
    ['an object that overrides toString', { first: { toString: 1 } }],
    ['ten thousand entries', { first: Array.from({ length: 10_000 }, (_, index) => `wrong ${index}`) }],
    ['a text of 100 kB', { first: 'x'.repeat(100_000) }],
    ['a list nested 2,000 deep', { first: JSON.parse('['.repeat(2_000) + ']'.repeat(2_000)) as unknown }],
  ])('with %s as a variable gets the same short answer each time', async (_name, variables) => {
    await world.gql(FEED, { first: 3 }, { as: ann });
    for (let time = 0; time < TIMES; time++) {
      const { status, errors, data } = await world.gql(FEED, variables, { as: ann });
      expect([status, errors?.[0]?.extensions.code, data]).toEqual([400, 'BAD_USER_INPUT', undefined]);
      expect(JSON.stringify(errors).length).toBeLessThan(5_000);
      expect((await world.gql(FEED, { first: 3 }, { as: ann })).status).toBe(200);
    }
    const socket = await connect(world, ann);
    expect((await socket.run(FEED, variables)).errors[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    await socket.close();
  });

  it('with a wrong page size does not make a dear one affordable', async () => {
    for (let time = 0; time < TIMES; time++) {
      for (const first of [[100], '100', 100]) {
        const { status, errors } = await world.gql(USERS, { first }, { as: ann });
        expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
      }
    }
  });

  const NESTED_60_000_DEEP = `{ "first": 3, "junk": ${'['.repeat(60_000)}${']'.repeat(60_000)} }`;

  it.each<[string, string, string | undefined]>([
    ['a query', FEED, undefined],
    ['a mutation', `mutation { likePost(postId: "post_${newId()}") { id } }`, undefined],
    ['a subscription', 'subscription { notificationReceived { cursor } }', 'PAYLOAD_TOO_LARGE'],
  ])(
    'with junk beside its variables, nested too deeply for any stack, is no failure of ours: %s',
    async (_name, query, code) => {
      await world.answer(postRpc.like, ({ postId: id }) => aPost({ id }));
      const payload = `{ "query": ${JSON.stringify(query)}, "variables": ${NESTED_60_000_DEEP} }`;
      expect(await runRaw(payload)).toBe(code);
      const headers = {
        'content-type': 'application/json',
        authorization: `Bearer ${ann.token}`,
        'idempotency-key': newId(),
      };
      for (let time = 0; time < 4; time++) {
        const response = await fetch(`${world.url}/graphql`, { method: 'POST', headers, body: payload });
        expect(response.status).toBe(code ? 400 : 200);
      }
    },
  );

  /** Sends one operation as it stands, and answers its first code. */
  async function runRaw(payload: string): Promise<string | undefined> {
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const messages = on(socket, 'message') as AsyncIterable<[Buffer]>;
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${ann.token}` } }));
    socket.send(`{ "id": "1", "type": "subscribe", "payload": ${payload} }`);
    for await (const [data] of messages) {
      const message = JSON.parse(String(data)) as { id?: string; payload?: { errors?: Failure[] } | Failure[] };
      if (message.id !== '1') continue;
      socket.terminate();
      const errors = Array.isArray(message.payload) ? message.payload : message.payload?.errors;
      return errors?.[0]?.extensions.code;
    }
    throw new Error('The socket was closed without an answer.');
  }

  it('that is nested too deeply for what is left of the stack is refused as such', () => {
    const documents = world.app.get(DocumentsService);
    const prepare = () => documents.prepare(`{ node(id: ${'['.repeat(900)}1${']'.repeat(900)}) { id } }`, null, {});
    const atTheEndOfTheStack = (): unknown => {
      try {
        return atTheEndOfTheStack();
      } catch (error) {
        if (error instanceof RangeError) return prepare();
        throw error;
      }
    };
    expect(atTheEndOfTheStack).toThrow(new InvalidOperation([new GraphQLError('The request is nested too deeply.')]));
  });

  it.each<[string, string]>([
    ['a syntax tree in place of a text', JSON.stringify({ kind: 'Document', definitions: [] })],
    ['lists nested as deep as the tokens allow', `{ node(id: ${'['.repeat(990)}1${']'.repeat(990)}) { id } }`],
    ['an alias of 10 kB', `{ ${'a'.repeat(10_000)}: __typename }`],
    ['490 times the same root field', `{ ${'me { id } '.repeat(490)} }`],
    ['a field name of 100 kB', `{ ${'x'.repeat(100_000)} }`],
    ['text that is no GraphQL', 'x'.repeat(100_000)],
  ])('with %s is refused in a few words', async (_name, query) => {
    for (let time = 0; time < 4; time++) {
      const { status, errors } = await world.gql(query, {}, { as: ann });
      expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
      expect(JSON.stringify(errors).length).toBeLessThan(5_000);
    }
  });

  it('with fragments that stand for millions of fields is never compiled, however often it comes', async () => {
    const names = Array.from({ length: 24 }, (_, index) => index);
    const fragments = names.map((name) => `fragment F${name} on User { ...F${name + 1} ...F${name + 1} }`).join(' ');
    const query = `{ me { ...F0 } } ${fragments} fragment F24 on User { id }`;
    const documents = world.app.get(DocumentsService);
    for (let time = 0; time < TIMES; time++) expect(documents.prepare(query, null, {}).isFrequent).toBe(false);
    for (let time = 0; time < TIMES; time++) documents.prepare(FEED, null, {});
    expect(documents.prepare(FEED, null, {}).isFrequent).toBe(true);
    expect((await world.gql(query, {}, { as: ann })).data.me.id).toContain('user_');
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['fields', `{ me { ${Array.from({ length: 90 }, (_, index) => `wrong${index}`).join(' ')} } }`, {}],
    [
      'entries of a variable',
      'mutation ($ids: [ID!]!) { createPost(input: { caption: "", mediaIds: $ids }) { id } }',
      { ids: Array<null>(10_000).fill(null) },
    ],
  ])('with many wrong %s learns the first of them', async (_name, query, variables) => {
    const { errors } = await world.gql(query, variables, { as: ann });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    // The sixth says that there are more.
    expect(errors?.length).toBeLessThanOrEqual(6);
  });

  it('with more than 128 kB is not read', async () => {
    const { status, errors } = await world.gql(`{ me { id } } # ${'x'.repeat(128 * 1_024)}`, {}, { as: ann });
    expect([status, errors?.[0]?.extensions.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  it('with a long comment is answered and leaves nothing in a cache', async () => {
    for (let time = 0; time < TIMES; time++) {
      const { status } = await world.gql(`{ me { id } } # ${'x'.repeat(20_000)}`, {}, { as: ann });
      expect(status).toBe(200);
    }
    const { cache } = world.app.get(DocumentsService) as unknown as { cache: Map<string, unknown> };
    expect([...cache.keys()].filter((text) => text.length > 16 * 1_024)).toEqual([]);
  });

  it('with a subscription by POST is refused before anything is executed', async () => {
    for (const query of [
      'subscription { notificationReceived { __typename } }',
      'subscription { mediaUpdated(mediaId: "media_undefined") { id } }',
    ])
      for (let time = 0; time < 4; time++) {
        const { status, errors } = await world.gql(query, {});
        expect([status, errors?.[0]?.extensions.code, errors?.[0]?.message]).toEqual([
          400,
          'BAD_USER_INPUT',
          expect.stringContaining('WebSocket'),
        ]);
      }
  });
});
