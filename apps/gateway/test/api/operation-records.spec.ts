import { AppError } from '@fowergram/contracts-core';
import { notificationRpc } from '@fowergram/contracts-notification';
import { postRpc } from '@fowergram/contracts-post';
import { connect } from '../support/socket.js';
import { rest } from '../support/rest.js';
import { anAddress, openWorld, type TestUser, type World } from '../support/world.js';

const FEED = '{ homeFeed { edges { cursor } } }';

describe('The metric of operations', () => {
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld();
    ann = await world.signUp();
    await world.answer(postRpc.homeFeed, () => {
      throw new AppError('UNAVAILABLE', 'away');
    });
    await world.answer(notificationRpc.unreadCount, () => ({ unreadCount: 0 }) as never);
  });
  afterAll(() => world?.close());

  async function counts(): Promise<Map<string, number>> {
    const text = await (await fetch(`${world.operatorUrl}/metrics`)).text();
    const lines = text.matchAll(/^graphql_operations_total\{operation_type="(\w+)",code="(\w+)".*\} (\d+)$/gm);
    return new Map([...lines].map(([, type, code, count]) => [`${type} ${code}`, Number(count)]));
  }

  /** What the work adds to the counts, by type and code. */
  async function addedBy(work: () => Promise<unknown>): Promise<Record<string, number>> {
    const before = await counts();
    await work();
    const added = [...(await counts())].map(([key, count]) => [key, count - before.get(key)!] as const);
    return Object.fromEntries(added.filter(([, count]) => count > 0));
  }

  it('is there with every type and code before anything has failed, so that an alert sees the first failure', async () => {
    const known = [...(await counts()).keys()];
    expect(known).toHaveLength(4 * 11);
    expect(known).toEqual(expect.arrayContaining(['query OK', 'query UNAVAILABLE', 'subscription INTERNAL']));
  });

  it('shows UNAVAILABLE where a part is away, although the answer is a 200', async () => {
    const added = await addedBy(async () => {
      const { status } = await world.gql('{ __typename homeFeed { edges { cursor } } }', {}, { as: ann });
      expect(status).toBe(200);
    });
    expect(added).toEqual({ 'query UNAVAILABLE': 1 });
  });

  it('counts a REST route and a socket as it counts /graphql', async () => {
    const added = await addedBy(async () => {
      await rest(world, 'GET', '/feed', { as: ann });
      const socket = await connect(world, ann);
      await (
        await socket.run(FEED)
      ).ended;
      await (
        await socket.run('{ __typename }')
      ).ended;
      await socket.close();
    });
    expect(added).toEqual({ 'query UNAVAILABLE': 2, 'query OK': 1 });
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a document that is none', () => world.gql('{ nothing }'), 'unknown BAD_USER_INPUT'],
    [
      'a token that is none',
      () => world.post('/graphql', { query: FEED }, { authorization: 'Bearer x.y.z' }),
      'unknown UNAUTHENTICATED',
    ],
    ['an operation of a visitor', () => world.gql(FEED), 'query UNAUTHENTICATED'],
    [
      'an event stream of a visitor',
      () => world.post('/graphql/stream', { query: FEED }, { accept: 'text/event-stream' }).then((r) => r.text()),
      'query UNAUTHENTICATED',
    ],
    [
      'a defect',
      async () => {
        await world.answer(postRpc.homeFeed, () => null as never);
        await world.gql(FEED, {}, { as: ann, headers: { 'x-forwarded-for': anAddress() } });
      },
      'query INTERNAL',
    ],
  ])('has the outcome of %s', async (_what, work, expected) => {
    expect(await addedBy(work)).toEqual({ [expected]: 1 });
  });
});
