import type { Output } from '@fowergram/contracts-core';
import { accountRpc, sessionRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { SessionRetentionService } from '../../src/sessions/session-retention.service.js';
import { openWorld, type World } from '../world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());
beforeEach(() => world.db.query('delete from session_revocation'));

type Page = Output<typeof sessionRpc.revoked>;

const revoke = (...handles: string[]) => world.call(sessionRpc.revoke, { handles });
const read = (since: string | null, after = '', limit = 100): Promise<Page> =>
  world.call(sessionRpc.revoked, { since, after, limit });
const handlesOf = ({ revocations }: Page): string[] => revocations.map(({ handle }) => handle);

/** Reads to the end, as a gateway does. */
async function readAll(limit: number): Promise<string[]> {
  const handles: string[] = [];
  for (let since: string | null = null, after = '', hasMore = true; hasMore;) {
    const page = await read(since, after, limit);
    handles.push(...handlesOf(page));
    ({ revokedAt: since, handle: after } = page.revocations.at(-1) ?? { revokedAt: since, handle: after });
    ({ hasMore } = page);
  }
  return handles;
}

const age = (handle: string, by: string) =>
  world.db.query('update session_revocation set revoked_at = now() - $2::interval where handle = $1', [handle, by]);

describe('The record of revoked sessions', () => {
  it('has each session once, however often it is revoked, by how many at once', async () => {
    await Promise.all([revoke('a', 'b', 'a'), revoke('b', 'a'), revoke('a', 'b', 'c')]);
    await revoke('a');
    expect((await readAll(100)).sort()).toEqual(['a', 'b', 'c']);
  });

  it('comes in pages without repeats or skips, also where many were revoked in the same moment', async () => {
    const handles = Array.from({ length: 25 }, (_, n) => `h${n}`);
    await revoke(...handles.slice(0, 20));
    await world.db.query('update session_revocation set revoked_at = date_trunc($1, now())', ['minute']);
    await revoke(...handles.slice(20));
    expect((await readAll(3)).sort()).toEqual([...handles].sort());
  });

  it('says what came since it was read, by its own clock', async () => {
    await revoke('a');
    await age('a', '1 minute');
    const { asOf } = await read(null);
    await revoke('b');
    expect(handlesOf(await read(asOf))).toEqual(['b']);
  });

  it('outlives a restart of the service', async () => {
    await revoke('a');
    await world.stop();
    await world.start();
    expect(await readAll(10)).toEqual(['a']);
  });

  it.each([
    ['no handle', { handles: [] }],
    ['an empty handle', { handles: [''] }],
    ['a handle that is too long', { handles: ['x'.repeat(129)] }],
    ['too many at once', { handles: Array.from({ length: 2_001 }, (_, n) => `h${n}`) }],
  ])('refuses %s', async (_name, input) => {
    await expect(world.call(sessionRpc.revoke, input)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await readAll(10)).toEqual([]);
  });

  it('keeps what may still end a token, and purges the rest, by several replicas at once', async () => {
    const purge = () => world.app.get(SessionRetentionService, { strict: false }).purge();
    await revoke('young', 'old');
    await age('young', '61 minutes');
    await age('old', '121 minutes');
    await world.db.query(
      `insert into session_revocation (handle, revoked_at) select 'old ' || n, now() - interval '1 day' from generate_series(1, 2500) n`,
    );
    await Promise.all([purge(), purge(), purge()]);
    await purge();
    expect(await readAll(100)).toEqual(['young']);
  });
});

describe('A password that was changed lately', () => {
  it('is part of the state of the account for a while, and the newest word about it counts', async () => {
    const { id: userId } = await world.user();
    const changed = async () => (await world.call(accountRpc.state, { userId })).passwordChangedAt;
    expect(await changed()).toBeUndefined();
    const [first, second] = [new Date().toISOString(), new Date(Date.now() - 1_000).toISOString()];
    await world.call(sessionRpc.passwordChanged, { userId, at: first });
    expect(await changed()).toBe(first);
    await world.call(sessionRpc.passwordChanged, { userId, at: second });
    expect(await changed()).toBe(second);
    await world.db.query(`update password_change set changed_at = now() - interval '11 minutes' where user_id = $1`, [
      userId,
    ]);
    await world.app.get(SessionRetentionService, { strict: false }).purge();
    expect(await changed()).toBeUndefined();
  });

  it('is known of an account whose profile is not made yet', async () => {
    const [userId, at] = [newId(), new Date().toISOString()];
    await world.call(sessionRpc.passwordChanged, { userId, at });
    expect(await world.call(accountRpc.state, { userId })).toMatchObject({ passwordChangedAt: at });
  });

  it('is not stored of an account that was deleted', async () => {
    const { id: userId } = await world.user();
    await world.call(accountRpc.delete, { userId });
    await world.call(sessionRpc.passwordChanged, { userId, at: new Date().toISOString() });
    expect(await world.db.query('select from password_change where user_id = $1', [userId])).toEqual([]);
  });
});
