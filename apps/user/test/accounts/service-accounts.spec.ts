import {
  hashOfServiceKey,
  MAX_KEYS_PER_SERVICE_ACCOUNT,
  MAX_SERVICE_ACCOUNTS,
  type Role,
  SERVICE_KEY,
  serviceAccountRpc,
  userEvent,
} from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { openWorld, type World } from '../world.js';

describe('service accounts', () => {
  let world: World;
  let administratorId: string;

  beforeAll(async () => {
    world = await openWorld();
    administratorId = await userWith('ADMIN');
  });
  afterAll(() => world?.close());

  async function userWith(role: Role, status = 'ACTIVE'): Promise<string> {
    const { id } = await world.user();
    await world.db.query('update profile set role = $2, status = $3 where id = $1', [id, role, status]);
    return id;
  }
  const act = { reason: 'The shop asks who its customers are.' };
  const create = (given: object = {}, options?: { idempotencyKey: string }) =>
    world.call(
      serviceAccountRpc.create,
      { administratorId, ...act, name: 'Shop', scopes: ['users:read'], ...given },
      options,
    );
  const verify = async (key: string | null) =>
    (await world.call(serviceAccountRpc.verify, { keyHash: hashOfServiceKey(key!) })).caller;
  const list = () => world.call(serviceAccountRpc.list, { administratorId });
  const actionsOn = (accountId: string) =>
    world.db.query(
      'select administrator_id, account_name, key_id, action, reason from service_account_action where account_id = $1 order by id',
      [accountId],
    );
  const changesOf = async (accountId: string) =>
    (await world.published(userEvent.serviceAccountChanged)).filter((change) => change.accountId === accountId);

  it('are opened by a key that is shown once and stored as its hash', async () => {
    const { account, key } = await create({ scopes: ['posts:read', 'tokens:validate', 'posts:read'] });
    expect(key).toMatch(SERVICE_KEY);
    expect(account).toMatchObject({ name: 'Shop', scopes: ['tokens:validate', 'posts:read'] });
    expect(account.keys).toMatchObject([{ ending: key!.slice(-4), lastUsedAt: null }]);
    expect(await verify(key)).toEqual({ id: account.id, scopes: account.scopes });
    expect(await verify(`${key!.slice(0, -1)}_`)).toBeNull();
    const rows = await world.db.query(
      `select t::text as row from service_account_key t union all select t::text from service_account t
        union all select t::text from service_account_action t union all select t::text from outbox t`,
      [],
    );
    expect(JSON.stringify(rows)).not.toContain(key!.slice(4));
  });

  it('show no key to whoever repeats a request, and store none for them', async () => {
    const options = { idempotencyKey: newId() };
    const first = await create({ name: 'Twice' }, options);
    expect(await create({ name: 'Twice' }, options)).toEqual({ account: first.account, key: null });
    const stored = await world.db.query('select answer::text from idempotency_key', []);
    expect(JSON.stringify(stored)).not.toContain(first.key!.slice(4));
  });

  it('change their keys without a gap: a second one is made, and then the first one revoked', async () => {
    const { account, key: first } = await create();
    const { key: second, account: withBoth } = await world.call(serviceAccountRpc.createKey, {
      administratorId,
      ...act,
      accountId: account.id,
    });
    expect([(await verify(first))?.id, (await verify(second))?.id]).toEqual([account.id, account.id]);
    const keyId = withBoth.keys.find(({ ending }) => ending === first!.slice(-4))!.id;
    const revoke = () => world.call(serviceAccountRpc.revokeKey, { administratorId, ...act, keyId });
    expect((await revoke()).keys).toHaveLength(1);
    expect([await verify(first), (await verify(second))?.id]).toEqual([null, account.id]);
    await expect(revoke()).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['keyId'] } });
    expect(await changesOf(account.id)).toMatchObject([{ isClosed: false }]);
  });

  it('are closed for good with all of their keys', async () => {
    const { account, key } = await create();
    const close = () => world.call(serviceAccountRpc.close, { administratorId, ...act, accountId: account.id });
    expect(await close()).toMatchObject({ id: account.id, keys: [] });
    expect(await verify(key)).toBeNull();
    expect((await list()).map(({ id }) => id)).not.toContain(account.id);
    await expect(close()).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['accountId'] } });
    expect(await changesOf(account.id)).toMatchObject([{ isClosed: true }]);
  });

  it('leave on record who did what to them, and why', async () => {
    const { account } = await create({ name: 'Records' });
    const { account: more } = await world.call(serviceAccountRpc.createKey, {
      administratorId,
      ...act,
      accountId: account.id,
    });
    const [second, first] = more.keys.map(({ id }) => id);
    await world.call(serviceAccountRpc.revokeKey, { administratorId, ...act, keyId: first! });
    await world.call(serviceAccountRpc.close, { administratorId, ...act, accountId: account.id });
    const row = { administrator_id: administratorId, account_name: 'Records', ...act };
    expect(await actionsOn(account.id)).toEqual([
      { ...row, action: 'CREATE', key_id: first },
      { ...row, action: 'CREATE_KEY', key_id: second },
      { ...row, action: 'REVOKE_KEY', key_id: first },
      { ...row, action: 'CLOSE', key_id: null },
    ]);
  });

  it('note the use of a key once an hour', async () => {
    const { account, key } = await create();
    const usedAt = async () => (await list()).find(({ id }) => id === account.id)!.keys[0]!.lastUsedAt;
    await verify(key);
    const first = await usedAt();
    expect(Date.parse(first!)).toBeGreaterThan(Date.now() - 60_000);
    await verify(key);
    expect(await usedAt()).toBe(first);
    await world.db.query(
      `update service_account_key set last_used_at = now() - interval '61 minutes' where account_id = $1`,
      [account.id],
    );
    await verify(key);
    expect(Date.parse((await usedAt())!)).toBeGreaterThan(Date.now() - 60_000);
  });

  it.each([
    ['USER', 'ACTIVE'],
    ['MODERATOR', 'ACTIVE'],
    ['ADMIN', 'DEACTIVATED'],
    ['ADMIN', 'BANNED'],
  ] as const)('are nothing that a %s who is %s does something to', async (role, status) => {
    const { account, key } = await create();
    const stranger = { ...act, administratorId: await userWith(role, status) };
    const given = { ...stranger, accountId: account.id };
    for (const refused of [
      world.call(serviceAccountRpc.list, stranger),
      create(stranger),
      world.call(serviceAccountRpc.createKey, given),
      world.call(serviceAccountRpc.revokeKey, { ...stranger, keyId: account.keys[0]!.id }),
      world.call(serviceAccountRpc.close, given),
    ])
      await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await verify(key))?.id).toBe(account.id);
    expect(await actionsOn(account.id)).toHaveLength(1);
  });

  it.each([
    ['no scope', { scopes: [] }],
    ['a scope that nobody knows', { scopes: ['posts:write'] }],
    ['an empty name', { name: ' ' }],
    ['a name that is too long', { name: 'x'.repeat(101) }],
    ['a name of which nothing is seen', { name: '\u200b' }],
    ['no reason', { reason: '' }],
  ])('are not made with %s', async (_what, given) => {
    await expect(create(given)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('are bounded, and so are the keys of each, also where many are made at once', async () => {
    const { account } = await create();
    const more = () => world.call(serviceAccountRpc.createKey, { administratorId, ...act, accountId: account.id });
    const keys = await Promise.allSettled(Array.from({ length: MAX_KEYS_PER_SERVICE_ACCOUNT + 2 }, more));
    expect(keys.filter(({ status }) => status === 'fulfilled')).toHaveLength(MAX_KEYS_PER_SERVICE_ACCOUNT - 1);
    await expect(more()).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'SERVICE_KEY_LIMIT' } });
    await world.db.query(
      `insert into service_account (id, name, scopes)
        select gen_random_uuid(), 'x', '{users:read}' from generate_series(1, $1 - (select count(*) from service_account))`,
      [MAX_SERVICE_ACCOUNTS - 1],
    );
    const accounts = await Promise.allSettled([create(), create(), create()]);
    expect(accounts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(create()).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'SERVICE_ACCOUNT_LIMIT' } });
  });
});
