import { AppError } from '@fowergram/contracts-core';
import { notificationRpc } from '@fowergram/contracts-notification';
import { postRpc } from '@fowergram/contracts-post';
import { commonVariables, createLogger, defineConfig, LogSettings } from '@fowergram/service-kit';
import { ActiveUsersService } from '../../src/activity/active-users.service.js';
import type { Outcome } from '../../src/api/errors.js';
import { type OperationLine, OperationLog } from '../../src/api/records/operation-log.service.js';
import { connect } from '../support/socket.js';
import { rest } from '../support/rest.js';
import { anAddress, openWorld, type TestUser, type World } from '../support/world.js';

const config = defineConfig(commonVariables);
const ENVIRONMENT = { ENVIRONMENT: 'test', LOG_LEVEL: 'info' };
const FEED = '{ homeFeed { edges { cursor } } }';

describe('Operations', () => {
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

  it('are counted from zero for every type and code, so that an alert sees the first failure', async () => {
    const known = [...(await counts()).keys()];
    expect(known).toHaveLength(4 * 11);
    expect(known).toEqual(expect.arrayContaining(['query OK', 'query UNAVAILABLE', 'subscription INTERNAL']));
  });

  it('count as UNAVAILABLE where a part is away, although the answer is a 200', async () => {
    const added = await addedBy(async () => {
      const { status } = await world.gql('{ __typename homeFeed { edges { cursor } } }', {}, { as: ann });
      expect(status).toBe(200);
    });
    expect(added).toEqual({ 'query UNAVAILABLE': 1 });
  });

  it('are counted by REST and over a socket as they are at /graphql', async () => {
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
  ])('have the outcome of %s', async (_what, work, expected) => {
    expect(await addedBy(work)).toEqual({ [expected]: 1 });
  });

  it('are of distinct users, who are counted once a day, by all gateways together', async () => {
    const count = async (): Promise<number> => {
      await world.app.get(ActiveUsersService, { strict: false }).count();
      const text = await (await fetch(`${world.operatorUrl}/metrics`)).text();
      return Number(/^active_users_today\{.*\} (\d+)$/m.exec(text)?.[1]);
    };
    const bo = await world.signUp();
    for (const as of [ann, bo, bo, undefined]) await world.gql('{ __typename }', {}, { as });
    expect(await count()).toBe(2);
    await world.gql('{ __typename }', {}, { as: ann });
    expect(await count()).toBe(2);
  });

  describe('in the log', () => {
    const lines: Record<string, unknown>[] = [];
    const log = createLogger('probe', config.read(ENVIRONMENT), {
      write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    });
    const line = (code: Outcome): OperationLine => ({
      operation: 'Feed',
      operationType: 'query',
      code,
      ms: 12,
      callerId: ann.id,
      correlationId: 'c1',
    });
    /** How many lines a thousand operations write at once. */
    function written(word: string, code: Outcome): number {
      lines.length = 0;
      const settings = new LogSettings(log, config.read(ENVIRONMENT));
      const operations = new OperationLog(log, settings);
      settings.change({ operations: word });
      settings.onModuleDestroy();
      for (let count = 0; count < 1_000; count++) operations.note(line(code));
      return lines.filter(({ msg }) => msg === 'operation ended').length;
    }

    it('are lines with who asked for what, how it ended and how long it took', () => {
      expect(written('SAMPLED', 'OK')).toBeGreaterThan(0);
      expect(lines.at(-1)).toMatchObject({ ...line('OK'), level: 30 });
    });

    it('are left out, sampled or all of them, as the word says, and no more than a disk can hold', () => {
      expect(['OFF', 'ERRORS', 'SAMPLED'].map((word) => written(word, 'OK'))).toEqual([0, 0, 10]);
      // The thousand come within a second, or around the turn of one.
      expect([200, 400]).toContain(written('ALL', 'OK'));
    });

    it('are there whenever they failed by our fault, once a second', () => {
      expect(written('OFF', 'INTERNAL')).toBe(0);
      expect(written('ERRORS', 'INTERNAL')).toBe(1);
      expect(lines.at(-1)).toMatchObject({ code: 'INTERNAL', level: 40 });
    });
  });
});
