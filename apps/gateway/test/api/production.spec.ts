import { SECURITY_HEADERS, TLS_HEADERS } from '../../src/http/security-headers.js';
import { connect, type TestSocket } from '../support/socket.js';
import { openWorld, type World } from '../support/world.js';

describe('a gateway in production', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld({ ENVIRONMENT: 'production' });
  });
  afterAll(() => world?.close());

  it('shows nobody the schema, over HTTP or over a socket', async () => {
    const query = '{ __schema { queryType { name } } }';
    const socket = await connect(world);
    const answers = [
      (await world.gql(query)).errors?.[0]?.extensions.code,
      (await socket.run(query)).errors[0]?.extensions?.code,
    ];
    await socket.close();
    expect(answers).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
    expect((await world.gql('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });

  it.each(['/playground', '/playground/assets/react.js', '/api/docs', '/api/docs/assets/swagger-ui.css'])(
    'has no page for developers: %s',
    async (path) => {
      expect((await fetch(`${world.url}${path}`)).status).toBe(404);
    },
  );

  it('every answer says that the next request comes over TLS', async () => {
    const { headers } = await fetch(`${world.url}/nowhere`);
    expect(Object.fromEntries(headers)).toMatchObject({ ...SECURITY_HEADERS, ...TLS_HEADERS });
  });
});

/** Each kind of name that somebody may get nearly right, with the right one that must not come back. */
const nearlyRight: [string, string, string, Record<string, unknown>?][] = [
  ['field', '{ unreadNotificationCoun }', 'unreadNotificationCount'],
  ['type of a fragment', '{ user(username: "a") { ...on Usr { id } } }', 'User'],
  ['type of a variable', 'query ($id: Strin!) { user(username: $id) { id } }', 'String'],
  ['argument', '{ user(usernam: "a") { id } }', 'username'],
  ['field of a fragment', '{ homeFeed { edges { node { captio } } } }', 'caption'],
  ['field of an input', 'mutation { createPost(input: { caption: "", mediaIds: [], captio: "" }) { id } }', 'caption'],
  [
    'value of an enum',
    'mutation { setUserRole(input: { userId: "a", reason: "", role: MODERATR }) { id } }',
    'MODERATOR',
  ],
  [
    'field of an input in variables',
    'mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }',
    'caption',
    { input: { caption: '', mediaIds: [], captio: '' } },
  ],
];

describe.each(['production', 'development'])('a name that is nearly right, in %s', (ENVIRONMENT) => {
  let world: World;
  let socket: TestSocket;

  beforeAll(async () => {
    world = await openWorld({ ENVIRONMENT });
    socket = await connect(world);
  });
  afterAll(async () => {
    await socket?.close();
    await world?.close();
  });

  const outcome = ENVIRONMENT === 'production' ? 'is refused without the right one' : 'is answered with the right one';
  it.each(nearlyRight)(`${outcome}: %s`, async (_, query, right, variables = {}) => {
    const answers = [
      (await world.gql(query, variables)).errors?.[0]?.message,
      (await socket.run(query, variables)).errors[0]?.message,
    ];
    const suggestion = new RegExp(`Did you mean [^?]*"${right}"`);
    for (const message of answers) {
      expect(message).toEqual(expect.any(String));
      if (ENVIRONMENT === 'development') expect(message).toMatch(suggestion);
      else expect(message).not.toMatch(/did you mean/i);
    }
  });
});
