import { postRpc } from '@fowergram/contracts-post';
import { cookiesOf, signIn } from '../support/accounts.js';
import { aPost } from '../support/models.js';
import { anAddress, openWorld, type GraphqlAnswer, type TestUser, type World } from '../support/world.js';

const ME = '{ me { username } }';
const TYPENAME = '{ __typename }';

describe('GET /graphql', () => {
  let world: World;
  let ann: TestUser;
  let cookie: string;

  beforeAll(async () => {
    world = await openWorld();
    ann = await world.signUp();
  });
  afterAll(() => world?.close());
  // A session for each test: a token that was verified once is recognised after that, by whatever way it comes.
  beforeEach(async () => {
    cookie = cookiesOf(await signIn(world, ann, { 'st-auth-mode': 'cookie' }));
  });

  async function get(
    parameters: Record<string, string> | [string, string][],
    headers: Record<string, string> = { 'apollo-require-preflight': 'true' },
  ): Promise<GraphqlAnswer> {
    const response = await fetch(`${world.url}/graphql?${new URLSearchParams(parameters)}`, {
      headers: { 'x-forwarded-for': anAddress(), ...headers },
    });
    const body = (await response.json()) as Omit<GraphqlAnswer, 'status' | 'headers'>;
    return { ...body, status: response.status, headers: response.headers };
  }

  it('answers a query with its variables and its name as a POST does', async () => {
    const query = 'query One($name: String!) { user(username: $name) { username } } query Two { __typename }';
    const variables = { name: ann.username };
    const answer = await get({ query, variables: JSON.stringify(variables), operationName: 'One', extensions: '{}' });
    expect([answer.status, answer.data]).toEqual([200, { user: { username: ann.username } }]);
    expect((await get({ query, operationName: 'Two' })).data).toEqual({ __typename: 'Query' });
    expect(answer.headers.get('ratelimit')).toMatch(/^"reads-/);
  });

  it.each([
    ['apollo-require-preflight', ''],
    ['x-apollo-operation-name', 'Me'],
    ['graphql-require-preflight', '1'],
    ['rid', 'session'],
    ['content-type', 'application/json'],
  ])('serves the user of a cookie behind the header %s', async (name, value) => {
    expect((await get({ query: ME }, { cookie, [name]: value })).data).toEqual({ me: { username: ann.username } });
  });

  it('serves the user of an access token, which no foreign page has', async () => {
    const answer = await get({ query: ME }, { authorization: `Bearer ${ann.token}` });
    expect(answer.data).toEqual({ me: { username: ann.username } });
  });

  it.each<[string, Record<string, string>]>([
    ['with nothing', {}],
    ['with what a browser adds', { accept: 'application/json', 'sec-fetch-mode': 'no-cors' }],
    ['with the type of a text', { 'content-type': 'text/plain; application/json' }],
    ['with the type of a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['with credentials that a browser keeps', { authorization: 'Basic YTpi' }],
  ])('is refused when a foreign page may have sent it: %s', async (_name, headers) => {
    const sessions: Record<string, string>[] = [{}, { cookie }];
    for (const session of sessions) {
      const answer = await get({ query: ME }, { ...headers, ...session });
      expect([answer.status, answer.data, answer.errors?.[0]?.extensions.code]).toEqual([
        400,
        undefined,
        'BAD_USER_INPUT',
      ]);
      expect(answer.errors?.[0]?.message).toContain('apollo-require-preflight');
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it('executes no mutation, named or not, and says how one is sent', async () => {
    let liked = 0;
    await world.answer(postRpc.like, ({ postId }) => {
      liked++;
      return aPost({ id: postId });
    });
    const mutation = 'mutation Like { likePost(postId: "post_x") { likeCount } } query Other { __typename }';
    const sessions: Record<string, string>[] = [{ authorization: `Bearer ${ann.token}` }, { cookie, rid: 'session' }];
    for (const headers of sessions) {
      const answer = await get({ query: mutation, operationName: 'Like' }, headers);
      expect([answer.status, answer.headers.get('allow'), answer.errors?.[0]?.extensions.code]).toEqual([
        405,
        'POST',
        'BAD_USER_INPUT',
      ]);
    }
    expect(liked).toBe(0);
    expect((await get({ query: mutation, operationName: 'Other' })).data).toEqual({ __typename: 'Query' });
  });

  it('opens no subscription', async () => {
    const answer = await get({ query: 'subscription { notificationReceived { cursor } }' });
    expect([answer.status, answer.errors?.[0]?.message]).toEqual([400, expect.stringContaining('WebSocket')]);
  });

  it.each<[string, [string, string][]]>([
    ['no query', []],
    ['an empty query', [['query', '']]],
    [
      'two queries',
      [
        ['query', TYPENAME],
        ['query', ME],
      ],
    ],
    [
      'variables that are no JSON',
      [
        ['query', TYPENAME],
        ['variables', '{'],
      ],
    ],
    [
      'variables that are a list',
      [
        ['query', TYPENAME],
        ['variables', '[1]'],
      ],
    ],
    [
      'variables that would change a prototype',
      [
        ['query', TYPENAME],
        ['variables', '{"__proto__":{"admin":true}}'],
      ],
    ],
    [
      'two names',
      [
        ['query', TYPENAME],
        ['operationName', 'A'],
        ['operationName', 'B'],
      ],
    ],
  ])('with %s is a mistake of the client', async (_name, parameters) => {
    const { status, errors } = await get(parameters);
    expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('takes empty parameters, as clients write them, for none', async () => {
    const answer = await get({ query: TYPENAME, variables: '', operationName: '' });
    expect(answer.data).toEqual({ __typename: 'Query' });
  });

  it('is not the only way for a cookie: JSON by POST needs no header, since no foreign page can send it unasked', async () => {
    for (const time of [1, 2]) {
      const answer = await world.gql(ME, {}, { headers: { cookie } });
      expect([time, answer.status, answer.data]).toEqual([time, 200, { me: { username: ann.username } }]);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    for (const type of ['text/plain', 'text/plain;application/json', 'application/x-www-form-urlencoded'])
      expect((await world.post('/graphql', { query: ME }, { cookie, 'content-type': type })).status).toBe(415);
    const foreign = { cookie, origin: 'https://evil.example' };
    expect((await world.gql(ME, {}, { headers: foreign })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});
