import { accountRpc, type AccountStatus, type Profile, userEvent, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { FakeMedia } from '../profiles/fake-media.js';
import { openWorld, type World } from '../world.js';

let world: World;
const media = new FakeMedia();
beforeAll(async () => {
  world = await openWorld();
  await media.serve(world.messaging);
});
afterAll(() => world?.close());

const REASON = 'Spam, again and again.';
const TOMORROW = () => new Date(Date.now() + 86_400_000).toISOString();

async function aModerator(role: 'MODERATOR' | 'ADMIN' = 'ADMIN'): Promise<string> {
  const { id } = await world.user();
  await world.db.query('update profile set role = $2 where id = $1', [id, role]);
  return id;
}

const stateOf = (user: { id: string }) => world.call(accountRpc.state, { userId: user.id });
const changesOf = async (user: { id: string }) =>
  (await world.published(userEvent.accountChanged)).filter(({ userId }) => userId === user.id);
const isVisible = async (user: Profile) => {
  const [byId, byName] = [
    await world.call(userRpc.profilesByIds, { ids: [user.id] }),
    await world.call(userRpc.profileByUsername, { username: user.username }),
  ];
  expect(byId.length > 0).toBe(byName !== null);
  return byName !== null;
};

describe('the state of an account', () => {
  it('is that of an ACTIVE USER where there is no profile yet', async () => {
    const userId = newId();
    expect(await stateOf({ id: userId })).toEqual({
      userId,
      role: 'USER',
      status: 'ACTIVE',
      suspendedUntil: null,
      secondFactor: 'OFF',
      version: 0,
    });
  });

  it('has the role, the suspension and the version', async () => {
    const [ann, moderatorId, until] = [await world.user(), await aModerator(), TOMORROW()];
    await world.call(accountRpc.setRole, { userId: ann.id, moderatorId, reason: REASON, role: 'MODERATOR' });
    await world.call(accountRpc.suspend, { userId: ann.id, moderatorId, reason: REASON, until });
    expect(await stateOf(ann)).toEqual({
      userId: ann.id,
      role: 'MODERATOR',
      status: 'SUSPENDED',
      suspendedUntil: until,
      secondFactor: 'OFF',
      version: 2,
    });
  });

  it('requires a second factor that the role needs, and is ON once one is confirmed', async () => {
    const admin = { id: await aModerator('ADMIN') };
    const moderator = { id: await aModerator('MODERATOR') };
    const factor = (userId: string, confirmedAt: string | null) =>
      world.db.query('insert into second_factor (user_id, secret, confirmed_at) values ($1, $2, $3)', [
        userId,
        Buffer.alloc(1),
        confirmedAt,
      ]);
    expect(await stateOf(admin)).toMatchObject({ secondFactor: 'REQUIRED' });
    expect(await stateOf(moderator)).toMatchObject({ secondFactor: 'OFF' });
    await factor(admin.id, null);
    expect(await stateOf(admin)).toMatchObject({ secondFactor: 'REQUIRED' });
    await world.db.query('update second_factor set confirmed_at = now() where user_id = $1', [admin.id]);
    await factor(moderator.id, TOMORROW());
    for (const user of [admin, moderator]) expect(await stateOf(user)).toMatchObject({ secondFactor: 'ON' });
  });

  it('refuses what is no id', async () => {
    await expect(world.call(accountRpc.state, { userId: 'ann' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['userId'] },
    });
  });
});

/** The states to start from: a suspension may have run out, and a restricted account may have been deactivated before. */
const FROM = {
  ACTIVE: { status: 'ACTIVE' },
  DEACTIVATED: { status: 'DEACTIVATED', dormant: true },
  SUSPENDED: { status: 'SUSPENDED', until: '2 days' },
  'SUSPENDED (run out)': { status: 'SUSPENDED', until: '-1 second' },
  'SUSPENDED and deactivated': { status: 'SUSPENDED', until: '2 days', dormant: true },
  'SUSPENDED and deactivated (run out)': { status: 'SUSPENDED', until: '-1 second', dormant: true },
  BANNED: { status: 'BANNED' },
  'BANNED and deactivated': { status: 'BANNED', dormant: true },
  DELETED: { status: 'DELETED' },
} as const;
type From = keyof typeof FROM;

const ACTIONS = {
  suspend: (userId: string, moderatorId: string) =>
    world.call(accountRpc.suspend, { userId, moderatorId, reason: REASON, until: TOMORROW() }),
  ban: (userId: string, moderatorId: string) => world.call(accountRpc.ban, { userId, moderatorId, reason: REASON }),
  reinstate: (userId: string, moderatorId: string) =>
    world.call(accountRpc.reinstate, { userId, moderatorId, reason: REASON }),
  deactivate: (userId: string) => world.call(accountRpc.deactivate, { userId }),
  reactivate: (userId: string) => world.call(accountRpc.reactivate, { userId }),
  delete: (userId: string) => world.call(accountRpc.delete, { userId }),
};

/** What each action makes of each state; '=' changes nothing, a code is an error, with its reason after a slash. */
const TABLE: Record<From, Record<keyof typeof ACTIONS, string>> = {
  ACTIVE: {
    suspend: 'SUSPENDED',
    ban: 'BANNED',
    reinstate: 'CONFLICT/NOT_RESTRICTED',
    deactivate: 'DEACTIVATED',
    reactivate: '=',
    delete: 'DELETED',
  },
  DEACTIVATED: {
    suspend: 'SUSPENDED',
    ban: 'BANNED',
    reinstate: 'CONFLICT/NOT_RESTRICTED',
    deactivate: '=',
    reactivate: 'ACTIVE',
    delete: 'DELETED',
  },
  SUSPENDED: {
    suspend: 'SUSPENDED',
    ban: 'BANNED',
    reinstate: 'ACTIVE',
    deactivate: 'FORBIDDEN/ACCOUNT_SUSPENDED',
    reactivate: '=',
    delete: 'DELETED',
  },
  'SUSPENDED (run out)': {
    suspend: 'SUSPENDED',
    ban: 'BANNED',
    reinstate: 'CONFLICT/NOT_RESTRICTED',
    deactivate: 'DEACTIVATED',
    reactivate: '=',
    delete: 'DELETED',
  },
  'SUSPENDED and deactivated': {
    suspend: 'SUSPENDED',
    ban: 'BANNED',
    reinstate: 'DEACTIVATED',
    deactivate: 'FORBIDDEN/ACCOUNT_SUSPENDED',
    reactivate: '=',
    delete: 'DELETED',
  },
  'SUSPENDED and deactivated (run out)': {
    suspend: 'SUSPENDED',
    ban: 'BANNED',
    reinstate: 'CONFLICT/NOT_RESTRICTED',
    deactivate: '=',
    reactivate: 'ACTIVE',
    delete: 'DELETED',
  },
  BANNED: {
    suspend: 'CONFLICT/ACCOUNT_BANNED',
    ban: '=',
    reinstate: 'ACTIVE',
    deactivate: 'FORBIDDEN/ACCOUNT_BANNED',
    reactivate: '=',
    delete: 'DELETED',
  },
  'BANNED and deactivated': {
    suspend: 'CONFLICT/ACCOUNT_BANNED',
    ban: '=',
    reinstate: 'DEACTIVATED',
    deactivate: 'FORBIDDEN/ACCOUNT_BANNED',
    reactivate: '=',
    delete: 'DELETED',
  },
  DELETED: {
    suspend: 'NOT_FOUND',
    ban: 'NOT_FOUND',
    reinstate: 'NOT_FOUND',
    deactivate: 'FORBIDDEN/ACCOUNT_DELETED',
    reactivate: '=',
    delete: '=',
  },
};

const CASES = Object.entries(TABLE).flatMap(([from, row]) =>
  Object.entries(row).map(([action, expected]) => [from as From, action as keyof typeof ACTIONS, expected] as const),
);

describe('an account that is', () => {
  let moderatorId: string;
  beforeAll(async () => void (moderatorId = await aModerator()));

  async function inState(from: From): Promise<Profile> {
    const user = await world.user();
    const state: { status: AccountStatus; until?: string; dormant?: boolean } = FROM[from];
    if (state.status === 'DELETED') await world.call(accountRpc.delete, { userId: user.id });
    else
      await world.db.query(
        `update profile set status = $2, suspended_until = now() + $3::interval, dormant = $4, account_version = 7 where id = $1`,
        [user.id, state.status, state.until ?? null, state.dormant ?? false],
      );
    return user;
  }

  it.each(CASES)('%s, on %s: %s', async (from, action, expected) => {
    const ann = await inState(from);
    const before = await changesOf(ann);
    const act = () => ACTIONS[action](ann.id, moderatorId);
    if (expected.includes('/') || expected === 'NOT_FOUND') {
      const [code, reason] = expected.split('/');
      await expect(act()).rejects.toMatchObject({ code, details: reason ? { reason } : { path: ['userId'] } });
    } else {
      await act();
      if (expected !== '=') expect(await stateOf(ann)).toMatchObject({ status: expected });
    }
    // Of a suspension that has run out, the sweep may have published in between.
    const published = (await changesOf(ann))
      .slice(before.length)
      .filter((change) => !from.includes('run out') || change.status === expected);
    if (expected === '=' || expected.includes('/') || expected === 'NOT_FOUND') return expect(published).toEqual([]);
    expect(published).toEqual([
      {
        userId: ann.id,
        role: 'USER',
        status: expected,
        isPrivate: false,
        version: expect.any(Number),
        at: expect.stringMatching(/Z$/),
      },
    ]);
    expect((await stateOf(ann)).version).toBe(published[0]!.version);
    expect(published[0]!.version).toBeGreaterThan(7);
  });

  it.each(Object.keys(FROM) as From[])('%s is visible to others only if it is ACTIVE now', async (from) => {
    const ann = await inState(from);
    expect(await isVisible(ann)).toBe(from === 'ACTIVE' || from === 'SUSPENDED (run out)');
  });

  it.each(['DEACTIVATED', 'SUSPENDED', 'BANNED', 'DELETED'] as const)(
    '%s can neither be followed, nor follow, nor change its profile',
    async (from) => {
      const [ann, bo] = [await inState(from), await world.user()];
      await expect(world.follow(bo, ann)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        details: { path: ['followeeId'] },
      });
      for (const act of [
        () => world.follow(ann, bo),
        () => world.call(userRpc.updateProfile, { userId: ann.id, bio: 'still here' }),
      ]) {
        // The profile of a deleted account may be gone already.
        const answer = await act().then(
          () => ({ code: 'OK', details: {} }),
          (error: { code: string; details: object }) => error,
        );
        expect(from === 'DELETED' ? ['FORBIDDEN', 'NOT_FOUND'] : ['FORBIDDEN']).toContain(answer.code);
        if (answer.code === 'FORBIDDEN') expect(answer.details).toEqual({ reason: `ACCOUNT_${from}` });
      }
    },
  );

  it.each(['DEACTIVATED', 'SUSPENDED', 'BANNED'] as const)(
    '%s still has its name, also against confusable names',
    async (from) => {
      const ann = await inState(from);
      for (const username of [ann.username.toUpperCase(), ann.username.replaceAll('0', 'o').replace(/1/g, 'l')]) {
        await expect(world.call(userRpc.createProfile, { userId: newId(), username })).rejects.toMatchObject({
          code: 'CONFLICT',
          details: { reason: 'USERNAME_TAKEN' },
        });
      }
    },
  );
});

describe('deactivating', () => {
  it('needs a profile; reactivating does not', async () => {
    const userId = newId();
    await expect(world.call(accountRpc.deactivate, { userId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['userId'] },
    });
    expect(await world.call(accountRpc.reactivate, { userId })).toMatchObject({ status: 'ACTIVE', version: 0 });
  });

  it('has one effect per key, and is published once however often it is asked for', async () => {
    const ann = await world.user();
    const options = { idempotencyKey: newId() };
    const first = await world.call(accountRpc.deactivate, { userId: ann.id }, options);
    await world.call(accountRpc.reactivate, { userId: ann.id });
    expect(await world.call(accountRpc.deactivate, { userId: ann.id }, options)).toEqual(first);
    expect(await stateOf(ann)).toMatchObject({ status: 'ACTIVE', version: 2 });
    await Promise.all(Array.from({ length: 10 }, () => world.call(accountRpc.deactivate, { userId: ann.id })));
    expect((await changesOf(ann)).map(({ status, version }) => [status, version])).toEqual([
      ['DEACTIVATED', 1],
      ['ACTIVE', 2],
      ['DEACTIVATED', 3],
    ]);
  });

  it('hides the pictures of the account, and reactivating shows them again', async () => {
    const ann = await world.user();
    await world.call(accountRpc.deactivate, { userId: ann.id });
    await eventually(() => expect(media.owners.get(ann.id)).toEqual({ version: 1, hidden: true }));
    await world.call(accountRpc.reactivate, { userId: ann.id });
    await eventually(() => expect(media.owners.get(ann.id)).toEqual({ version: 2, hidden: false }));
  });

  it('never beats a ban, whichever comes first', async () => {
    const moderatorId = await aModerator('MODERATOR');
    for (const ann of await world.users(12)) {
      const own = [
        world.call(accountRpc.deactivate, { userId: ann.id }),
        world.call(accountRpc.reactivate, { userId: ann.id }),
      ];
      const [ban] = await Promise.allSettled([
        world.call(accountRpc.ban, { userId: ann.id, moderatorId, reason: REASON }),
        ...own,
      ]);
      expect(ban).toMatchObject({ status: 'fulfilled' });
      expect(await stateOf(ann)).toMatchObject({ status: 'BANNED' });
      const published = await changesOf(ann);
      expect(published.map(({ version }) => version)).toEqual(published.map((_, index) => index + 1));
      expect(published.at(-1)).toMatchObject({ status: 'BANNED' });
    }
  });
});

describe('a suspension that runs out', () => {
  it('is over at once, and is published soon', async () => {
    const [ann, moderatorId] = [await world.user(), await aModerator()];
    await world.call(accountRpc.suspend, { userId: ann.id, moderatorId, reason: REASON, until: TOMORROW() });
    await world.db.query(`update profile set suspended_until = now() - interval '1 millisecond' where id = $1`, [
      ann.id,
    ]);
    expect(await stateOf(ann)).toMatchObject({ status: 'ACTIVE', suspendedUntil: null });
    expect(await isVisible(ann)).toBe(true);
    await eventually(
      async () =>
        expect((await changesOf(ann)).map(({ status, version }) => [status, version])).toEqual([
          ['SUSPENDED', 1],
          ['ACTIVE', 2],
        ]),
      5_000,
    );
    expect(
      await world.db.query('select status, suspended_until, status_reason from profile where id = $1', [ann.id]),
    ).toEqual([{ status: 'ACTIVE', suspended_until: null, status_reason: null }]);
  });

  it('leaves an account DEACTIVATED that its owner had deactivated, until they sign in', async () => {
    const [ann, moderatorId] = [await world.user(), await aModerator()];
    await world.call(accountRpc.deactivate, { userId: ann.id });
    await world.call(accountRpc.suspend, { userId: ann.id, moderatorId, reason: REASON, until: TOMORROW() });
    await world.db.query('update profile set suspended_until = now() where id = $1', [ann.id]);
    await eventually(
      async () => expect((await changesOf(ann)).at(-1)).toMatchObject({ status: 'DEACTIVATED', version: 3 }),
      5_000,
    );
    expect(await isVisible(ann)).toBe(false);
    expect(await world.call(accountRpc.reactivate, { userId: ann.id })).toMatchObject({ status: 'ACTIVE' });
    expect(await isVisible(ann)).toBe(true);
  });
});

describe('the denylist', () => {
  it('has whoever stopped being ACTIVE since then, page by page, and nobody else', async () => {
    const moderatorId = await aModerator();
    const [active, dormant, suspended, banned, gone, earlier, back] = (await world.users(7)) as [
      Profile,
      Profile,
      Profile,
      Profile,
      Profile,
      Profile,
      Profile,
    ];
    const ban = (user: Profile) => world.call(accountRpc.ban, { userId: user.id, moderatorId, reason: REASON });
    await ban(earlier);
    const since = (await changesOf(earlier))[0]!.at;
    await eventually(() => Date.now() > Date.parse(since) + 1);
    await world.call(accountRpc.deactivate, { userId: dormant.id });
    await world.call(accountRpc.suspend, { userId: suspended.id, moderatorId, reason: REASON, until: TOMORROW() });
    await Promise.all([ban(banned), ban(back)]);
    await world.call(accountRpc.reinstate, { userId: back.id, moderatorId, reason: REASON });
    await world.call(accountRpc.delete, { userId: gone.id });
    await eventually(async () => (await world.db.query('select from profile where id = $1', [gone.id])).length === 0);

    const listed: { userId: string; status: string; version: number }[] = [];
    for (let hasMore = true; hasMore;) {
      const page = await world.call(accountRpc.denylist, { since, afterId: listed.at(-1)?.userId, limit: 1 });
      expect(page.accounts.length).toBeLessThanOrEqual(1);
      listed.push(...page.accounts);
      hasMore = page.hasMore;
    }
    expect(listed).toEqual([...listed].sort((a, b) => (a.userId < b.userId ? -1 : 1)));
    expect(Object.fromEntries(listed.map(({ userId, status, version }) => [userId, `${status} ${version}`]))).toEqual({
      [dormant.id]: 'DEACTIVATED 1',
      [suspended.id]: 'SUSPENDED 1',
      [banned.id]: 'BANNED 1',
      [gone.id]: 'DELETED 1',
    });
    expect(active).toBeDefined();
    expect((await world.call(accountRpc.denylist, { since, limit: 5_000 })).accounts).toEqual(listed);
  });
});
