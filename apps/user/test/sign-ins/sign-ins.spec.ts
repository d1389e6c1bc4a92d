import type { Input } from '@fowergram/contracts-core';
import { type SignIn, signInRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { SignInRetentionService } from '../../src/sign-ins/sign-in-retention.service.js';
import { openWorld, type World } from '../world.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0';
const NEWER_FIREFOX = FIREFOX.replaceAll('131', '145');
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';

let world: World;
let userId: string;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());
beforeEach(() => void (userId = newId()));

type Line = Input<typeof signInRpc.record>;
const record = ({
  userAgent = FIREFOX,
  ipAddress = '192.0.2.1',
  ...line
}: Partial<Line> & { userAgent?: string; ipAddress?: string } = {}) =>
  world.call(signInRpc.record, {
    userId,
    client: { ipAddress, userAgent },
    method: 'PASSWORD',
    outcome: 'SIGNED_IN',
    sessionHandle: null,
    ...line,
  });
const touch = (sessionHandle: string, client: { ipAddress: string; userAgent: string }, of = userId) =>
  world.call(signInRpc.touch, { userId: of, sessionHandle, client });
const list = (page: { first?: number; after?: string } = {}) => world.call(signInRpc.list, { userId, ...page });
const lines = async (): Promise<SignIn[]> => (await list({ first: 100 })).edges.map(({ node }) => node);
const bySessions = (sessionHandles: string[], of = userId) =>
  world.call(signInRpc.bySessions, { userId: of, sessionHandles });
const aHandle = (): string => newId();

describe('the login history', () => {
  it('has a line for everything that happened, with where it came from', async () => {
    const sessionHandle = aHandle();
    await record({ outcome: 'SIGNED_UP', method: 'THIRD_PARTY', ipAddress: '2001:db8::7', userAgent: CHROME });
    await record({ outcome: 'WRONG_PASSWORD' });
    await record({ outcome: 'WRONG_CODE', method: 'EMAIL_CODE' });
    await record({ sessionHandle });
    await record({ outcome: 'TOKEN_REUSED', method: null });
    const history = await lines();
    expect(history.map(({ outcome, method }) => [outcome, method])).toEqual([
      ['TOKEN_REUSED', null],
      ['SIGNED_IN', 'PASSWORD'],
      ['WRONG_CODE', 'EMAIL_CODE'],
      ['WRONG_PASSWORD', 'PASSWORD'],
      ['SIGNED_UP', 'THIRD_PARTY'],
    ]);
    expect(history.at(-1)).toMatchObject({
      userId,
      ipAddress: '2001:db8::7',
      userAgent: CHROME,
      device: 'Chrome on Windows',
      sessionHandle: null,
    });
    expect(history[1]).toMatchObject({ sessionHandle, device: 'Firefox on Linux' });
    expect(history[1]!.lastUsedAt).toBe(history[1]!.createdAt);
  });

  it('is one’s own, and empty for somebody who never signed in', async () => {
    await record();
    userId = newId();
    expect(await list()).toEqual({ edges: [], hasNextPage: false });
  });

  it('lists a session once, whatever happens to it before and after', async () => {
    const sessionHandle = aHandle();
    for (const outcome of ['WRONG_CODE', 'SIGNED_IN', 'SIGNED_IN', 'TOKEN_REUSED', 'TOKEN_REUSED'] as const)
      await record({ outcome, sessionHandle });
    expect((await lines()).map((line) => [line.outcome, line.sessionHandle])).toEqual([
      ['TOKEN_REUSED', null],
      ['TOKEN_REUSED', null],
      ['SIGNED_IN', sessionHandle],
      ['WRONG_CODE', null],
    ]);
    expect(await bySessions([sessionHandle])).toMatchObject([{ outcome: 'SIGNED_IN' }]);
  });

  it('neither repeats nor skips a line while others are written', async () => {
    for (let n = 0; n < 11; n++) await record({ ipAddress: `192.0.2.${n}` });
    const read: string[] = [];
    for (let after: string | undefined, more = true; more;) {
      const page = await list({ first: 3, after });
      read.push(...page.edges.map(({ node }) => node.ipAddress));
      after = page.edges.at(-1)!.cursor;
      more = page.hasNextPage;
      await Promise.all([record(), record()]);
    }
    expect(read).toEqual(Array.from({ length: 11 }, (_, n) => `192.0.2.${10 - n}`));
  });

  it('has one order for lines of the same millisecond', async () => {
    const ids = Array.from({ length: 9 }, newId);
    await world.db.query(
      `insert into sign_in (id, user_id, outcome, ip_address, user_agent, created_at) select id, $2, 'SIGNED_IN', '', '', now() from unnest($1::uuid[]) as i (id)`,
      [ids, userId],
    );
    const read: string[] = [];
    for (let after: string | undefined, more = true; more;) {
      const page = await list({ first: 2, after });
      read.push(...page.edges.map(({ node }) => node.id));
      after = page.edges.at(-1)!.cursor;
      more = page.hasNextPage;
    }
    expect(read).toEqual(ids.sort().reverse());
  });

  it.each([{ first: -1 }, { first: 101 }, { after: 'not a cursor' }])('refuses the page %j', async (page) => {
    await expect(list(page)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: Object.keys(page) } });
  });

  it('stores what a client says of itself as far as it can be stored', async () => {
    await record({ userAgent: 'a\0b\ud800c', ipAddress: '\0' });
    expect(await lines()).toMatchObject([{ userAgent: 'ab\ufffdc', ipAddress: '', device: 'Unknown device' }]);
    await expect(record({ userAgent: 'x'.repeat(501) })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['client', 'userAgent'] },
    });
  });

  it('gets no line for a deleted account', async () => {
    await world.db.query('insert into erasure (id, user_id) values ($1, $2)', [newId(), userId]);
    await expect(record()).resolves.toMatchObject({ isNewDevice: false });
    expect(await lines()).toEqual([]);
  });
});

describe('a new device', () => {
  it('is one of another kind than the user ever signed in with', async () => {
    expect(await record({ outcome: 'SIGNED_UP' })).toEqual({ isNewDevice: false, device: 'Firefox on Linux' });
    expect(await record({ userAgent: NEWER_FIREFOX })).toEqual({ isNewDevice: false, device: 'Firefox on Linux' });
    expect(await record({ userAgent: CHROME })).toEqual({ isNewDevice: true, device: 'Chrome on Windows' });
    expect(await record({ userAgent: CHROME })).toEqual({ isNewDevice: false, device: 'Chrome on Windows' });
    expect(await record({ userAgent: '' })).toEqual({ isNewDevice: true, device: 'Unknown device' });
    expect(await record({ userAgent: '' })).toEqual({ isNewDevice: false, device: 'Unknown device' });
  });

  it('is not the first one of a user', async () => {
    expect(await record()).toMatchObject({ isNewDevice: false });
  });

  it('does not become known by a wrong password', async () => {
    await record();
    await record({ outcome: 'WRONG_PASSWORD', userAgent: CHROME });
    await record({ outcome: 'WRONG_CODE', userAgent: CHROME });
    expect(await record({ userAgent: CHROME })).toMatchObject({ isNewDevice: true });
  });

  it('is new for each user separately', async () => {
    await record();
    await record({ userAgent: CHROME });
    userId = newId();
    await record();
    expect(await record({ userAgent: CHROME })).toMatchObject({ isNewDevice: true });
  });
});

describe('the use of a session', () => {
  it('shows where it was last', async () => {
    const sessionHandle = aHandle();
    await record({ sessionHandle });
    await world.db.query(
      `update sign_in set created_at = now() - interval '1 day', last_used_at = now() - interval '1 day' where session_handle = $1`,
      [sessionHandle],
    );
    const [before] = await bySessions([sessionHandle]);
    await touch(sessionHandle, { ipAddress: '198.51.100.4', userAgent: NEWER_FIREFOX });
    const [after] = await bySessions([sessionHandle]);
    expect(after).toMatchObject({
      ...before,
      ipAddress: '198.51.100.4',
      userAgent: NEWER_FIREFOX,
      lastUsedAt: expect.any(String),
    });
    expect(Date.parse(after!.lastUsedAt) - Date.parse(before!.lastUsedAt)).toBeGreaterThan(86_000_000);
  });

  it('is noted for one’s own sessions only, and that of an unknown one is harmless', async () => {
    const sessionHandle = aHandle();
    await record({ sessionHandle });
    const before = await bySessions([sessionHandle]);
    await touch(sessionHandle, { ipAddress: '203.0.113.9', userAgent: CHROME }, newId());
    await touch(aHandle(), { ipAddress: '203.0.113.9', userAgent: CHROME });
    await touch('a\0b\ud800', { ipAddress: '\0', userAgent: '\0' });
    expect(await bySessions([sessionHandle])).toEqual(before);
    expect(await lines()).toHaveLength(1);
  });

  it('is listed for many sessions at once, and for those of nobody else', async () => {
    const handles = Array.from({ length: 3 }, aHandle);
    for (const sessionHandle of handles) await record({ sessionHandle });
    const found = await bySessions([...handles, aHandle(), '\0', '']);
    expect(found.map((line) => line.sessionHandle).sort()).toEqual([...handles].sort());
    expect(await bySessions(handles, newId())).toEqual([]);
    expect(await bySessions([])).toEqual([]);
  });
});

describe('after 180 days without use', () => {
  const purge = () => world.app.get(SignInRetentionService, { strict: false }).purge();
  const age = (days: number, ipAddress: string) =>
    world.db.query(
      'update sign_in set created_at = now() - make_interval(days => $1), last_used_at = now() - make_interval(days => $1) where ip_address = $2 and user_id = $3',
      [days, ipAddress, userId],
    );

  it('a line is purged; the line of a session in use stays', async () => {
    const sessionHandle = aHandle();
    await record({ ipAddress: '192.0.2.1' });
    await record({ ipAddress: '192.0.2.2' });
    await record({ ipAddress: '192.0.2.3', sessionHandle });
    await age(181, '192.0.2.1');
    await age(179, '192.0.2.2');
    await age(400, '192.0.2.3');
    await touch(sessionHandle, { ipAddress: '192.0.2.4', userAgent: FIREFOX });
    await purge();
    expect((await lines()).map(({ ipAddress }) => ipAddress)).toEqual(['192.0.2.2', '192.0.2.4']);
  });

  it('thousands are purged, by several replicas at once', async () => {
    await record({ ipAddress: '192.0.2.1' });
    await world.db.query(
      `insert into sign_in (id, user_id, outcome, ip_address, user_agent, last_used_at)
       select gen_random_uuid(), $1, 'WRONG_PASSWORD', '', '', now() - interval '200 days' from generate_series(1, 2500)`,
      [userId],
    );
    await Promise.all([purge(), purge(), purge()]);
    await purge();
    expect(await world.db.query('select 1 from sign_in where user_id = $1', [userId])).toHaveLength(1);
  });
});
