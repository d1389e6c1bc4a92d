import { postRpc } from '@fowergram/contracts-post';
import { DocumentsService } from '../../src/api/documents/documents.service.js';
import { connect } from '../support/socket.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

const FEED = 'query ($first: Int = 2) { homeFeed(first: $first) { edges { node { id } } } }';
const USERS =
  'query ($first: Int!) { me { followers(first: $first) { edges { node { followers(first: $first) { edges { node { followers(first: $first) { edges { node { id } } } } } } } } } } }';

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
