import { connect } from '../support/socket.js';
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

  it('has no playground', async () => {
    expect((await fetch(`${world.url}/playground`)).status).toBe(404);
  });
});
