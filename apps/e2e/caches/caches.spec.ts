import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSchema, isObjectType } from 'graphql';
import { apollo } from '../src/caches/apollo.js';
import type { GraphqlAnswer } from '../src/app-client.js';
import { type CreateClient, operationsOfPage, type Variables } from '../src/caches/cached-client.js';
import type { Scene } from '../src/caches/change.js';
import { changes, excused } from '../src/caches/changes.js';
import { CodeFolder } from '../src/caches/page-code.js';
import { queries } from '../src/caches/queries.js';
import { relay } from '../src/caches/relay.js';
import { otherRequest, repeatable, repeatOf, textOf, unrepeatable } from '../src/caches/repeats.js';
import { urql } from '../src/caches/urql.js';
import { startInProcess } from '../src/network-in-process.js';
import { setRole } from '../src/operators.js';
import { postPhoto, signUpTestUser, type TestUser } from '../src/test-users.js';

const operations = { ...operationsOfPage('mutations'), ...queries };
const CLIENTS = {
  'Apollo Client 4': (code: CodeFolder) => apollo(code, operations, '@apollo/client/core'),
  'Apollo Client 3': (code: CodeFolder) => apollo(code, operations, 'apollo-client-3/core/index.js'),
  'urql with graphcache': (code: CodeFolder) => urql(code, operations),
  Relay: (code: CodeFolder) => relay(code, { ...operations, ...operationsOfPage('deletions') }),
};
const operationOf = (field: string) => `${field[0]!.toUpperCase()}${field.slice(1)}Mutation`;
const fetchAs =
  ({ client }: TestUser): typeof fetch =>
  (input, init) =>
    fetch(input, { ...init, headers: { ...(init?.headers as object), authorization: `Bearer ${client.token}` } });

describe('docs/caches.md', () => {
  const schema = buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8'));
  const mutations = Object.keys(schema.getMutationType()!.getFields());

  it('names every mutation of the schema, and the tests try or excuse each', () => {
    expect([...Object.keys(changes), ...Object.keys(excused)].sort()).toEqual([...mutations].sort());
    const shown = Object.keys(operationsOfPage('mutations'));
    const leaving = ['deactivateAccount', 'deleteAccount'];
    expect(shown.sort()).toEqual(
      mutations
        .filter((name) => !leaving.includes(name))
        .map(operationOf)
        .sort(),
    );
  });

  it('is about a schema in which all that can change has an id', () => {
    const parts = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !('id' in type.getFields()))
      .map(({ name }) => name)
      .filter((name) => !/^__|(Query|Mutation|Subscription|Connection|Edge|PageInfo|Payload)$/.test(name));
    expect(parts.sort()).toEqual([
      'AccountErasurePart',
      'CaptionEntity',
      'MediaUpload',
      'MediaVariant',
      'PersonTag',
      'PostEdit',
      'ServiceAccountWithKey',
      'UploadField',
      'WebhookReplay',
      'WebhookWithSecret',
    ]);
  });
});

describe('After every mutation', () => {
  let code: CodeFolder;
  let scene: Scene;

  beforeAll(async () => {
    code = new CodeFolder();
    const network = await startInProcess({
      extra: { gateway: { EMAIL_VERIFICATION: 'off', RATE_LIMIT_FACTOR: '1000' } },
    });
    const [viewer, other, admin] = await Promise.all(
      ['viewer', 'other', 'admin'].map((name) => signUpTestUser(network, name)),
    );
    await setRole(network, admin!.username, 'ADMIN');
    await admin!.client.signIn(admin!.email, admin!.password);
    scene = { network, viewer: viewer!, other: other!, admin: admin!, post: await postPhoto(other!, 'Hello') };
  }, 60_000);
  afterAll(async () => {
    await scene?.network.stop();
    code?.remove();
  });

  describe.each(Object.entries(CLIENTS))('%s shows the truth', (_name, prepare) => {
    let createClient: CreateClient;
    const complaints: unknown[][] = [];
    const { warn, error } = console;

    beforeAll(async () => {
      console.warn = console.error = (...words: unknown[]) => void complaints.push(words);
      createClient = await prepare(code);
    });
    afterAll(() => Object.assign(console, { warn, error }));

    it.each(Object.keys(changes))('by itself: %s', async (field) => {
      const change = await changes[field]!(scene);
      const user = change.as ?? scene.viewer;
      const client = createClient(`${scene.network.url}/graphql`, fetchAs(user));
      const { shows, hides } = change;
      for (const [query, variables] of [shows, ...(hides ? [hides] : [])]) await client.load(query, variables);
      const before = await client.shown(...shows);
      if (hides) expect(isGone(await client.shown(...hides))).toBe(false);
      await change.meanwhile?.();
      await client.change(operationOf(field), change.variables);
      const after = await client.shown(...shows);
      expect(after).toEqual(await user.client.request(queries[shows[0]]!, shows[1]));
      if (change.onlyHides) expect(hides).toBeDefined();
      else expect(after).not.toEqual(before);
      if (hides) expect(isGone(await client.shown(...hides))).toBe(true);
    });

    it('and has nothing to complain of', () => {
      expect(complaints).toEqual([]);
    });
  });

  describe('an Idempotency-Key', () => {
    const schema = buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8'));

    it('is tried with every mutation of the schema, or the reason is said', () => {
      const all = Object.keys(schema.getMutationType()!.getFields());
      expect([...repeatable, ...Object.keys(unrepeatable)].sort()).toEqual(all.sort());
    });

    it.each(repeatable)(
      'brings the first answer again, once, and is not good for another request: %s',
      async (field) => {
        const { as: user = scene.viewer, variables, meanwhile } = await repeatOf(field, scene);
        await meanwhile?.();
        const key = randomUUID();
        const send = async (given: Variables) => {
          const response = await fetchAs(user)(`${scene.network.url}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'idempotency-key': key },
            body: JSON.stringify({ query: textOf(schema, field), variables: given }),
          });
          return { status: response.status, ...((await response.json()) as GraphqlAnswer<unknown>) };
        };
        const [one, other] = await Promise.all([send(variables), send(variables)]);
        const [first, second] = one.errors ? [other, one] : [one, other];
        expect(first).toEqual({ status: 200, data: first.data });
        if (second.errors)
          expect([second.status, second.errors.map(({ extensions }) => extensions.reason)]).toEqual([409, [IN_FLIGHT]]);
        else expect(second).toEqual(first);
        expect(await send(variables)).toEqual(first);
        const changed = otherRequest(field, variables, scene);
        if (!changed) return;
        const refused = await send(changed);
        expect([refused.status, refused.errors?.map(({ extensions }) => extensions.reason)]).toEqual([422, [REUSED]]);
        expect(await send(variables)).toEqual(first);
      },
    );
  });
});

const [IN_FLIGHT, REUSED] = ['IDEMPOTENCY_KEY_IN_FLIGHT', 'IDEMPOTENCY_KEY_REUSED'];

/** A client that would ask again shows nothing of what is gone, nor does one to which it is null. */
const isGone = (shown: object | undefined): boolean =>
  shown === undefined || Object.entries(shown).every(([field, value]) => field === 'me' || value === null);
