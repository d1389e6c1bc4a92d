import { createHash, randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core/index.js';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries/index.js';
import type { GraphQLSchema, ValidationRule } from 'graphql';
import { DocumentsService, PARSE_OPTIONS } from '../../src/api/documents/documents.service.js';
import { PersistedDocumentsService, UnknownDocument } from '../../src/api/documents/persisted-documents.service.js';
import { REFUSED_DOCUMENT_POINTS, ROOT_FIELD_POINTS } from '../../src/limits/limits.config.js';
import { RateLimitsService } from '../../src/limits/rate-limits.service.js';
import { connect } from '../support/socket.js';
import { type GraphqlAnswer, openWorld, type TestUser, type World } from '../support/world.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const byHash = (hash: string) => ({ persistedQuery: { version: 1, sha256Hash: hash } });
/** So often it comes until it is a compiled function. */
const COMPILED_AFTER = 5;
/** A document that nobody has sent before. */
const aQuery = (): string => `query Me_${randomUUID().replaceAll('-', '')} { me { username } }`;

describe('a document that is sent as a hash', () => {
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld({ ENVIRONMENT: 'development' });
    ann = await world.signUp();
  });
  afterAll(() => world?.close());

  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const response = await world.post('/graphql', body, { authorization: `Bearer ${ann.token}`, ...headers });
    return { ...((await response.json()) as GraphqlAnswer), status: response.status };
  };
  const me = () => ({ me: { username: ann.username } });

  it('is unknown first, registered by its text, and executed from then on, by POST, GET and socket', async () => {
    const query = aQuery();
    const extensions = byHash(sha256(query));
    const first = await post({ extensions });
    expect([first.status, first.errors![0]!.message, first.errors![0]!.extensions.reason]).toEqual([
      200,
      'PersistedQueryNotFound',
      'PERSISTED_QUERY_NOT_FOUND',
    ]);
    expect((await post({ query, extensions })).data).toEqual(me());
    expect((await post({ extensions })).data).toEqual(me());
    expect((await post({ documentId: `sha256:${sha256(query)}` })).data).toEqual(me());
    const parameters = new URLSearchParams({ extensions: JSON.stringify(extensions) });
    const byGet = await fetch(`${world.url}/graphql?${parameters}`, {
      headers: { authorization: `Bearer ${ann.token}`, 'apollo-require-preflight': '1' },
    });
    expect(await byGet.json()).toEqual({ data: me() });
    const socket = await connect(world, ann);
    try {
      expect((await socket.run('', {}, extensions)).data).toEqual([me()]);
      const unknown = await socket.run('', {}, byHash(sha256(aQuery())));
      expect(unknown.errors).toMatchObject([{ message: 'PersistedQueryNotFound' }]);
    } finally {
      await socket.close();
    }
  });

  it('is answered with 400 to a client that reads GraphQL’s own type', async () => {
    const accept = 'application/graphql-response+json';
    expect((await post({ extensions: byHash('b'.repeat(64)) }, { accept })).status).toBe(400);
  });

  it('is registered by Apollo’s link without a word, and its text is sent once', async () => {
    const bodies: string[] = [];
    const link = new HttpLink({
      uri: `${world.url}/graphql`,
      headers: { authorization: `Bearer ${ann.token}` },
      fetch: (input, init) => {
        bodies.push(init!.body as string);
        return fetch(input, init);
      },
    });
    const persisted = new PersistedQueryLink({ sha256 });
    const client = new ApolloClient({ cache: new InMemoryCache(), link: persisted.concat(link) });
    const query = gql(aQuery());
    for (let time = 0; time < 3; time++)
      expect((await client.query({ query, fetchPolicy: 'network-only' })).data).toMatchObject(me());
    expect(bodies.map((body) => 'query' in (JSON.parse(body) as object))).toEqual([false, true, false, false]);
  });

  it.each([
    ['of another text', { query: '{ me { id } }', extensions: byHash('a'.repeat(64)) }, 'PERSISTED_QUERY_HASH'],
    ['of a text that is wrong', { query: '{ nothing }', extensions: byHash(sha256('{ nothing }')) }, undefined],
    ['of another version', { extensions: { persistedQuery: { version: 2 } } }, 'PERSISTED_QUERY_NOT_SUPPORTED'],
    [
      'that is no text',
      { extensions: { persistedQuery: { version: 1, sha256Hash: {} } } },
      'PERSISTED_QUERY_NOT_SUPPORTED',
    ],
    ['that is no object', { extensions: { persistedQuery: 'a' } }, 'PERSISTED_QUERY_NOT_SUPPORTED'],
    ['that is too long', { documentId: 'a'.repeat(201) }, undefined],
    ['with a prototype', { documentId: '__proto__' }, 'PERSISTED_QUERY_NOT_FOUND'],
  ])('is refused, and never registered: one %s', async (_what, body, reason) => {
    for (let time = 0; time < 2; time++) {
      const { errors } = await post(body);
      expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', ...(reason && { reason }) });
    }
    if (!('extensions' in body) || typeof body.extensions.persistedQuery !== 'object') return;
    const { errors } = await post({ extensions: body.extensions });
    expect(errors).toHaveLength(1);
  });

  it('takes points where it is unknown, fewer than a text that is refused', async () => {
    const limits = world.app.get(RateLimitsService);
    const [unknown, refused] = [
      jest.spyOn(limits, 'chargeUnknownDocument'),
      jest.spyOn(limits, 'chargeRefusedDocument'),
    ];
    const socket = await connect(world, ann);
    try {
      await post({ extensions: byHash(sha256(aQuery())) });
      await socket.run('', {}, byHash(sha256(aQuery())));
      expect([unknown.mock.calls.length, refused.mock.calls.length]).toEqual([2, 0]);
      expect(ROOT_FIELD_POINTS).toBeLessThan(REFUSED_DOCUMENT_POINTS);
    } finally {
      await socket.close();
      unknown.mockRestore();
      refused.mockRestore();
    }
  });

  it('is parsed and checked once, however often it comes', async () => {
    const documents = world.app.get(DocumentsService);
    const prepare = jest.spyOn(documents as unknown as { check: () => { uses: number } }, 'check');
    const query = aQuery();
    try {
      await post({ query, extensions: byHash(sha256(query)) });
      for (let time = 0; time < 3; time++) await post({ extensions: byHash(sha256(query)) });
      const found = prepare.mock.results.map(({ value }) => value as { uses: number });
      expect(new Set(found).size).toBe(1);
      expect(found).toHaveLength(4);
    } finally {
      prepare.mockRestore();
    }
  });

  it('costs no token and no rule once it is compiled', async () => {
    const documents = world.app.get(DocumentsService) as unknown as {
      schema: GraphQLSchema;
      rules: readonly ValidationRule[];
    };
    const steps = { tokens: 0, rules: 0, engine: 0 };
    const { rules } = documents;
    const { maxTokens } = PARSE_OPTIONS;
    Object.defineProperty(PARSE_OPTIONS, 'maxTokens', {
      configurable: true,
      enumerable: true,
      get: () => ((steps.tokens += 1), maxTokens),
    });
    documents.rules = [...rules, () => ((steps.rules += 1), {})];
    // What the engine does besides running a compiled function, it begins at the root: to validate and to execute a document.
    const roots = jest.spyOn(documents.schema, 'getRootType');
    const taken = async (body: object, times: number) => {
      Object.assign(steps, { tokens: 0, rules: 0 });
      roots.mockClear();
      for (let time = 0; time < times; time++) expect((await post(body)).data).toEqual(me());
      return { ...steps, engine: roots.mock.calls.length };
    };
    try {
      const query = aQuery();
      const persisted = { extensions: byHash(sha256(query)) };
      const first = await taken({ query, ...persisted }, 1);
      expect(Object.values(first).every((count) => count > 0)).toBe(true);
      await taken(persisted, COMPILED_AFTER);
      expect(await taken(persisted, 3)).toEqual({ tokens: 0, rules: 0, engine: 0 });
    } finally {
      documents.rules = rules;
      Object.defineProperty(PARSE_OPTIONS, 'maxTokens', { value: maxTokens, writable: true, enumerable: true });
      roots.mockRestore();
    }
  });

  describe('in a flood of new ones', () => {
    const pad = ' '.repeat(15_000);
    const queriesOf = (name: string, length: number) =>
      Array.from({ length }, (_, index) => `query ${name}${index} { me { id } } #${pad}`);
    const ask = (query: string | null, documentId: string, address: string) =>
      world.app
        .get(PersistedDocumentsService)
        .prepare({ query, documentId, operationName: null, variables: null }, { userId: null, address });
    const isKnown = (query: string): boolean => {
      try {
        return ask(null, sha256(query), 'anybody').text === query;
      } catch (error) {
        expect(error).toBeInstanceOf(UnknownDocument);
        return false;
      }
    };
    const send = (queries: string[], address: (index: number) => string) =>
      queries.forEach((query, index) => ask(query, sha256(query), address(index)));

    it('pushes out those of the same sender alone, however many it sends', () => {
      const [app, flood] = [queriesOf('App', 3), queriesOf('Flood', 400)];
      send(app, () => 'app');
      send(flood, () => 'flood');
      expect(app.map(isKnown)).toEqual([true, true, true]);
      const kept = flood.filter(isKnown);
      expect(kept).toEqual(flood.slice(-kept.length));
      expect([kept.length > 10, kept.length < 20]).toEqual([true, true]);
    });

    it('is kept up to a number of characters in all', () => {
      const queries = queriesOf('All', 400);
      send(queries, (index) => `address ${index}`);
      expect([isKnown(queries[0]!), isKnown(queries.at(-1)!)]).toEqual([false, true]);
      const { byOwner } = (
        world.app.get(PersistedDocumentsService) as unknown as { registered: { byOwner: Map<string, unknown> } }
      ).registered;
      expect(byOwner.size).toBe(queries.filter(isKnown).length);
    });
  });
});
