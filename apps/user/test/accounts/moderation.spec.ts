import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { AppError } from '@fowergram/contracts-core';
import { accountRpc, type Profile, type Role, userEvent, userRpc } from '@fowergram/contracts-user';
import { newId, one } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { grantRole } from '../../src/grant-role.js';
import { openWorld, type World } from '../world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

const reason = 'Sold fake watches.';
const until = new Date(Date.now() + 86_400_000).toISOString();
const ROLES: Role[] = ['USER', 'MODERATOR', 'ADMIN'];

async function userWith(role: Role): Promise<Profile> {
  const user = await world.user();
  await world.db.query('update profile set role = $2 where id = $1', [user.id, role]);
  return { ...user, role };
}

const ACTIONS = {
  account: (moderatorId: string, userId: string) => world.call(accountRpc.account, { moderatorId, userId }),
  setRole: (moderatorId: string, userId: string) =>
    world.call(accountRpc.setRole, { moderatorId, userId, reason, role: 'MODERATOR' }),
  setVerified: (moderatorId: string, userId: string) =>
    world.call(accountRpc.setVerified, { moderatorId, userId, reason, isVerified: true }),
  suspend: (moderatorId: string, userId: string) =>
    world.call(accountRpc.suspend, { moderatorId, userId, reason, until }),
  ban: (moderatorId: string, userId: string) => world.call(accountRpc.ban, { moderatorId, userId, reason }),
  reinstate: (moderatorId: string, userId: string) => world.call(accountRpc.reinstate, { moderatorId, userId, reason }),
};
type Action = keyof typeof ACTIONS;

const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'OK',
    (error: AppError) => error.code,
  );
const actionsOn = (user: { id: string }) =>
  world.db.query('select moderator_id, action, reason, until from account_action where user_id = $1 order by id', [
    user.id,
  ]);
const changesOf = async (user: { id: string }) =>
  (await world.published(userEvent.accountChanged)).filter(({ userId }) => userId === user.id);

describe('who may do what to whom', () => {
  /** For each action and actor: the roles on which they may act; everything else is FORBIDDEN. */
  const MAY: Record<Action, Record<Role, Role[]>> = {
    account: { USER: [], MODERATOR: ROLES, ADMIN: ROLES },
    setRole: { USER: [], MODERATOR: [], ADMIN: ROLES },
    setVerified: { USER: [], MODERATOR: [], ADMIN: ROLES },
    suspend: { USER: [], MODERATOR: ['USER'], ADMIN: ROLES },
    ban: { USER: [], MODERATOR: ['USER'], ADMIN: ROLES },
    reinstate: { USER: [], MODERATOR: ['USER'], ADMIN: ROLES },
  };
  const CASES = (Object.keys(MAY) as Action[]).flatMap((action) =>
    ROLES.flatMap((actor) =>
      ROLES.map((target) => [actor, action, target, MAY[action][actor].includes(target) ? 'OK' : 'FORBIDDEN'] as const),
    ),
  );

  it.each(CASES)('%s, %s, %s: %s', async (actorRole, action, targetRole, expected) => {
    const [actor, target] = [await userWith(actorRole), await userWith(targetRole)];
    if (action === 'reinstate') await world.db.query(`update profile set status = 'BANNED' where id = $1`, [target.id]);
    const [before] = await world.db.query('select * from profile where id = $1', [target.id]);
    expect(await outcome(ACTIONS[action](actor.id, target.id))).toBe(expected);
    if (expected === 'OK') return;
    expect(await world.db.query('select * from profile where id = $1', [target.id])).toEqual([before]);
    expect([await actionsOn(target), await changesOf(target)]).toEqual([[], []]);
  });

  it.each(ROLES.flatMap((role) => (Object.keys(ACTIONS) as Action[]).map((action) => [role, action] as const)))(
    '%s, %s, to oneself: nobody, but a moderator may read',
    async (role, action) => {
      const ann = await userWith(role);
      expect(await outcome(ACTIONS[action](ann.id, ann.id))).toBe(
        action === 'account' && role !== 'USER' ? 'OK' : 'FORBIDDEN',
      );
    },
  );

  it.each(['DEACTIVATED', 'SUSPENDED', 'BANNED', 'DELETED'])(
    'an administrator who is %s may nothing',
    async (status) => {
      const [admin, target] = [await userWith('ADMIN'), await world.user()];
      await world.db.query(`update profile set status = $2, suspended_until = now() + interval '1 day' where id = $1`, [
        admin.id,
        status,
      ]);
      for (const act of Object.values(ACTIONS)) expect(await outcome(act(admin.id, target.id))).toBe('FORBIDDEN');
    },
  );

  it('whoever may nothing learns nothing: the answer is the same for everybody and for nobody', async () => {
    const user = await world.user();
    const targets = [(await userWith('ADMIN')).id, (await world.user()).id, newId()];
    for (const act of Object.values(ACTIONS)) {
      for (const moderatorId of [user.id, newId()]) {
        for (const target of targets)
          await expect(act(moderatorId, target)).rejects.toMatchObject({
            code: 'FORBIDDEN',
            message: 'You may not do this.',
            details: {},
          });
      }
    }
  });

  it('nobody finds an account that is unknown or deleted', async () => {
    const [admin, gone] = [await userWith('ADMIN'), await world.user()];
    await world.call(accountRpc.delete, { userId: gone.id });
    for (const act of Object.values(ACTIONS)) {
      for (const userId of [newId(), gone.id])
        await expect(act(admin.id, userId)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['userId'] } });
    }
  });
});

describe('moderating', () => {
  let admin: Profile;
  let ann: Profile;
  beforeEach(async () => void ([admin, ann] = [await userWith('ADMIN'), await world.user()]));

  it('answers the account as it is then, publishes the change, and records who did what and why', async () => {
    const base = { userId: ann.id, username: ann.username, role: 'USER', changedAt: expect.stringMatching(/Z$/) };
    expect(await ACTIONS.account(admin.id, ann.id)).toEqual({
      ...base,
      status: 'ACTIVE',
      suspendedUntil: null,
      reason: null,
      changedAt: null,
      version: 0,
    });
    expect(await ACTIONS.suspend(admin.id, ann.id)).toEqual({
      ...base,
      status: 'SUSPENDED',
      suspendedUntil: until,
      reason,
      version: 1,
    });
    expect(await ACTIONS.ban(admin.id, ann.id)).toEqual({
      ...base,
      status: 'BANNED',
      suspendedUntil: null,
      reason,
      version: 2,
    });
    expect(await ACTIONS.reinstate(admin.id, ann.id)).toEqual({
      ...base,
      status: 'ACTIVE',
      suspendedUntil: null,
      reason: null,
      version: 3,
    });
    const last = await ACTIONS.setRole(admin.id, ann.id);
    expect(last).toEqual({
      ...base,
      role: 'MODERATOR',
      status: 'ACTIVE',
      suspendedUntil: null,
      reason: null,
      version: 4,
    });
    expect(await ACTIONS.account(admin.id, ann.id)).toEqual(last);

    expect((await changesOf(ann)).map(({ role, status, version }) => `${version} ${role} ${status}`)).toEqual([
      '1 USER SUSPENDED',
      '2 USER BANNED',
      '3 USER ACTIVE',
      '4 MODERATOR ACTIVE',
    ]);
    expect((await changesOf(ann)).at(-1)!.at).toBe(last.changedAt);
    const recorded = (action: string) => ({
      moderator_id: admin.id,
      action,
      reason,
      until: action === 'SUSPEND' ? new Date(until) : null,
    });
    expect(await actionsOn(ann)).toEqual(['SUSPEND', 'BAN', 'REINSTATE', 'SET_ROLE_MODERATOR'].map(recorded));
  });

  it('verifies an account and ends that, tells who shows the profile, and records each change once', async () => {
    const set = (isVerified: boolean) =>
      world.call(accountRpc.setVerified, { moderatorId: admin.id, userId: ann.id, reason, isVerified });
    const shown = async () => (await world.call(userRpc.profilesByIds, { ids: [ann.id] }))[0];
    for (const isVerified of [true, true, false, false]) {
      expect(await set(isVerified)).toEqual(await ACTIONS.account(admin.id, ann.id));
      expect(await shown()).toEqual({ ...ann, isVerified });
    }
    expect(await actionsOn(ann)).toMatchObject([
      { action: 'VERIFY', reason },
      { action: 'END_VERIFICATION', reason },
    ]);
    const published = await world.published(userEvent.profileUpdated);
    expect(published.filter(({ userId }) => userId === ann.id)).toHaveLength(2);
    expect(await changesOf(ann)).toEqual([]);
  });

  it('says nothing of a suspension that is over, also when the role changes before the sweep comes', async () => {
    await ACTIONS.suspend(admin.id, ann.id);
    await world.db.query(`update profile set suspended_until = now() where id = $1`, [ann.id]);
    for (const act of [ACTIONS.account, ACTIONS.setRole, ACTIONS.account])
      expect(await act(admin.id, ann.id)).toMatchObject({ status: 'ACTIVE', suspendedUntil: null, reason: null });
  });

  it('has the time at which its turn came: changes of one account never go back in time', async () => {
    const before = await world.db.transaction(async (tx) => {
      await tx.query('update profile set account_version = account_version + 1 where id = $1', [ann.id]);
      const banning = ACTIONS.ban(admin.id, ann.id);
      const isWaiting = async () =>
        (
          await world.db.query(
            `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
          )
        ).length > 0;
      await eventually(isWaiting, 4_000);
      const { now } = one(await tx.query<{ now: Date }>('select clock_timestamp() as now'));
      return { banning, now };
    });
    const { changedAt } = (await before.banning) as { changedAt: string };
    expect(Date.parse(changedAt)).toBeGreaterThanOrEqual(before.now.getTime());
  });

  it('the same twice is published once; another end of a suspension is another change', async () => {
    for (const act of [ACTIONS.suspend, ACTIONS.suspend, ACTIONS.ban, ACTIONS.ban]) await act(admin.id, ann.id);
    expect((await changesOf(ann)).map(({ version }) => version)).toEqual([1, 2]);
    expect(await actionsOn(ann)).toHaveLength(2);
    const bo = await world.user();
    await ACTIONS.suspend(admin.id, bo.id);
    const longer = new Date(Date.parse(until) + 1).toISOString();
    expect(
      await world.call(accountRpc.suspend, { moderatorId: admin.id, userId: bo.id, reason, until: longer }),
    ).toMatchObject({ suspendedUntil: longer, version: 2 });
  });

  it('has one effect per key', async () => {
    const options = { idempotencyKey: newId() };
    const input = { moderatorId: admin.id, userId: ann.id, reason };
    const first = await world.call(accountRpc.ban, input, options);
    await ACTIONS.reinstate(admin.id, ann.id);
    expect(await world.call(accountRpc.ban, input, options)).toEqual(first);
    expect(await ACTIONS.account(admin.id, ann.id)).toMatchObject({ status: 'ACTIVE' });
    await expect(world.call(accountRpc.ban, { ...input, reason: 'Another one.' }, options)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it.each([-1, -86_400_000])('a suspension cannot end in the past (%i ms)', async (ms) => {
    const past = new Date(Date.now() + ms).toISOString();
    const call = world.call(accountRpc.suspend, { moderatorId: admin.id, userId: ann.id, reason, until: past });
    await expect(call).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['until'], reason: 'NOT_IN_FUTURE' },
    });
    expect(await actionsOn(ann)).toEqual([]);
  });

  it.each([
    ['until', 'tomorrow'],
    ['until', '2999-13-01T00:00:00.000Z'],
    ['reason', ''],
    ['reason', '   '],
    ['reason', 'x'.repeat(501)],
    ['reason', 'a\u0000b'],
    ['userId', 'ann'],
  ])('refuses a bad %s (%j)', async (field, value) => {
    const call = world.call(accountRpc.suspend, {
      moderatorId: admin.id,
      userId: ann.id,
      reason,
      until,
      [field]: value,
    });
    await expect(call).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: [field] } });
  });

  it('takes turns when two moderate one account at once, and a ban outlives a suspension', async () => {
    const other = await userWith('MODERATOR');
    for (const user of await world.users(10)) {
      const [ban] = await Promise.allSettled([ACTIONS.ban(admin.id, user.id), ACTIONS.suspend(other.id, user.id)]);
      expect(ban).toMatchObject({ status: 'fulfilled' });
      expect(await ACTIONS.account(admin.id, user.id)).toMatchObject({ status: 'BANNED' });
      const published = await changesOf(user);
      expect(published.map(({ version }) => version)).toEqual(published.map((_, index) => index + 1));
      expect(await actionsOn(user)).toHaveLength(published.length);
    }
  });

  it('leaves one of two administrators who demote each other at once', async () => {
    for (let round = 0; round < 10; round++) {
      const [first, second] = [await userWith('ADMIN'), await userWith('ADMIN')];
      const answers = await Promise.all([
        outcome(ACTIONS.setRole(first.id, second.id)),
        outcome(ACTIONS.setRole(second.id, first.id)),
      ]);
      expect(answers.sort()).toEqual(['FORBIDDEN', 'OK']);
      const { admins } = one(
        await world.db.query<{ admins: number }>(
          `select count(*)::int as admins from profile where role = 'ADMIN' and id = any($1)`,
          [[first.id, second.id]],
        ),
      );
      expect(admins).toBe(1);
    }
  });
});

describe('the first administrator', () => {
  const program = 'dist/apps/user/src/grant-role.js';
  const run = (args: string[], databaseUrl = world.env.DATABASE_URL) =>
    spawnSync(process.execPath, [program, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...(databaseUrl && { DATABASE_URL: databaseUrl }) },
    });

  it('is made by an operator, by name', async () => {
    expect(existsSync(program)).toBe(true);
    const ann = await world.user();
    const made = run([ann.username.toUpperCase(), 'ADMIN']);
    expect(made).toMatchObject({ status: 0, stdout: `${ann.username} was USER and is ADMIN now.\n`, stderr: '' });
    expect(await changesOf(ann)).toEqual([
      { userId: ann.id, role: 'ADMIN', status: 'ACTIVE', isPrivate: false, version: 1, at: expect.any(String) },
    ]);
    expect(await actionsOn(ann)).toEqual([
      { moderator_id: ann.id, action: 'SET_ROLE_ADMIN', reason: 'granted by an operator', until: null },
    ]);
    expect(await outcome(ACTIONS.setRole(ann.id, (await world.user()).id))).toBe('OK');
    expect(run([ann.username, 'ADMIN'])).toMatchObject({ status: 0, stdout: `${ann.username} is ADMIN already.\n` });
    expect(await changesOf(ann)).toHaveLength(1);
  });

  it.each([
    [['nobody_here', 'ADMIN'], 'There is no account with the username nobody_here.'],
    [['nobody_here', 'KING'], 'There is no role KING.'],
    [['nobody_here'], 'Usage: '],
    [[], 'Usage: '],
  ])('is not made by %j', (args, message) => {
    const answer = run(args);
    expect(answer).toMatchObject({ status: 1, stdout: '' });
    expect(answer.stderr).toMatch(new RegExp(`^${message.replaceAll('.', '\\.')}[^\\n]*\\n$`));
  });

  it('needs a database, and says so', () => {
    expect(run(['ann', 'ADMIN'], '')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('DATABASE_URL: is missing'),
    });
    expect(run(['ann', 'ADMIN'], 'postgres://u:secret@127.0.0.1:1/none').stderr).toBe(
      'The role was not granted: The data store does not answer. Please try again.\n',
    );
  });

  it('is nobody whose account was deleted', async () => {
    const ann = await world.user();
    await world.call(accountRpc.delete, { userId: ann.id });
    await expect(grantRole(world.db, ann.username, 'ADMIN')).rejects.toThrow('There is no account');
  });
});
