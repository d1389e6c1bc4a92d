import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql';
import { postRpc } from '@fowergram/contracts-post';
import { eventually } from '@fowergram/testing';
import { schemaText } from '../../src/print-schema.js';
import { connect } from '../support/socket.js';
import { openWorld, type World } from '../support/world.js';

describe('what a gateway shows in development', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld({ ENVIRONMENT: 'development' });
  });
  afterAll(() => world?.close());

  it('has a playground whose every file comes from here', async () => {
    const response = await fetch(`${world.url}/playground`);
    const page = await response.text();
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map((match) => match[1]!)
      .filter((address) => !address.startsWith('data:'));
    expect(files.length).toBeGreaterThan(4);
    for (const file of [...files, '/playground/assets/client.js']) {
      expect(file).toMatch(/^\/playground\/assets\//);
      const asset = await fetch(`${world.url}${file}`);
      expect([file, asset.status, (await asset.text()).length > 100]).toEqual([file, 200, true]);
    }
    const client = await (await fetch(`${world.url}/playground/assets/client.js`)).text();
    for (const [, name] of client.matchAll(/from '\.\/([^']+)'/g))
      expect((await fetch(`${world.url}/playground/assets/${name}`)).status).toBe(200);
    expect((await fetch(`${world.url}/playground/assets/..%2Fpackage.json`)).status).toBe(404);
  });

  it('answers introspection, which the playground lives on, with the schema as it is committed', async () => {
    const query = getIntrospectionQuery({ schemaDescription: true, specifiedByUrl: true });
    const { data } = await world.gql(query);
    expect(await schemaText()).toContain(printSchema(buildClientSchema(data as IntrospectionQuery)));
  });

  const metricsAndHealth = ['/metrics', '/health', '/health/live', '/health/ready'];

  it('answers operators on their own port, and clients nothing of it', async () => {
    await world.gql('{ user(username: "nobody") { id } }');
    const statuses = (origin: string, paths: string[]) =>
      Promise.all(paths.map(async (path) => (await fetch(`${origin}${path}`)).status));
    expect(await statuses(world.operatorUrl, metricsAndHealth)).toEqual([200, 200, 200, 200]);
    expect(await statuses(world.url, metricsAndHealth)).toEqual([404, 404, 404, 404]);
    expect(await statuses(world.operatorUrl, ['/graphql', '/auth/session', '/playground'])).toEqual([404, 404, 404]);
  });

  it('counts what clients asked', async () => {
    const metrics = await (await fetch(`${world.operatorUrl}/metrics`)).text();
    for (const name of [
      'http_request_duration_seconds_count{service="gateway",method="POST",route="/graphql"',
      'subscriptions_open',
      'websocket_connections_open',
      'rpc_client_duration_seconds_count',
    ])
      expect(metrics).toContain(name);
  });

  it('ends in order: answers what is under way and sends its sockets elsewhere', async () => {
    const ann = await world.signUp();
    const socket = await connect(world, ann);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await world.answer(postRpc.homeFeed, async () => {
      await held;
      return { edges: [], hasNextPage: false };
    });
    const answer = world.gql('{ homeFeed { pageInfo { hasNextPage } } }', {}, { as: ann });
    await eventually(() => world.callsOf(postRpc.homeFeed).length === 1);
    const closed = world.stopGateway();
    expect((await socket.closed).code).toBe(1001);
    release();
    expect((await answer).data).toEqual({ homeFeed: { pageInfo: { hasNextPage: false } } });
    await closed;
    await expect(fetch(`${world.url}/playground`)).rejects.toThrow();
    await expect(fetch(`${world.operatorUrl}/health/live`)).rejects.toThrow();
  });
});
