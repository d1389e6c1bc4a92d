import { accountRpc, type Erasure, type Profile, sessionRpc, userEvent, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { askOperators, eventually } from '@fowergram/testing';
import { ErasureRunnerService } from '../../src/erasure/erasure-runner.service.js';
import { ErasurePartsService } from '../../src/erasure/erasure-parts.service.js';
import {
  type FakeMediaErasure,
  partsDone,
  placesOf,
  serveMediaErasing,
  finishErasure,
  userPartDone,
  wrongCounts,
} from './erasure-world.js';
import { aName, openWorld, type World } from '../world.js';

let world: World;
let media: FakeMediaErasure;
beforeAll(async () => {
  world = await openWorld();
  media = await serveMediaErasing(world.messaging);
});
afterAll(() => world?.close());

const remove = (user: { id: string }) => world.call(accountRpc.delete, { userId: user.id });
const mine = <E extends { userId: string }>(events: E[], user: { id: string }) =>
  events.filter(({ userId }) => userId === user.id);
const isGone = async (user: { id: string }) =>
  (await world.db.query('select from profile where id = $1', [user.id])).length === 0;
const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'OK',
    (error: { code: string }) => error.code,
  );

describe('deleting an account', () => {
  it('answers a receipt with every part open, and tells the others', async () => {
    const ann = await world.user();
    const erasure = await remove(ann);
    expect(erasure).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4/),
      requestedAt: expect.stringMatching(/Z$/),
      completedAt: null,
      parts: ['auth', 'user', 'post', 'media', 'notification'].map((part) => ({ part, doneAt: null })),
    });
    expect(await world.call(accountRpc.erasure, { id: erasure.id })).toMatchObject({
      id: erasure.id,
      completedAt: null,
    });
    expect(mine(await world.published(userEvent.accountChanged), ann)).toMatchObject([
      { status: 'DELETED', version: 1 },
    ]);
    expect(mine(await world.published(userEvent.accountDeleted), ann)).toEqual([{ userId: ann.id }]);
  });

  it('hides the profile at once, for good', async () => {
    const [ann, bo] = [await world.user(), await world.user()];
    const erasure = await remove(ann);
    const seen = async () => [
      await world.call(userRpc.profilesByIds, { ids: [ann.id] }),
      await world.call(userRpc.profileByUsername, { username: ann.username }),
      await outcome(world.follow(bo, ann)),
    ];
    expect(await seen()).toEqual([[], null, 'NOT_FOUND']);
    await finishErasure(world, erasure);
    await userPartDone(world, erasure);
    expect(await seen()).toEqual([[], null, 'NOT_FOUND']);
    expect(await world.call(accountRpc.state, { userId: ann.id })).toMatchObject({
      status: 'DELETED',
      version: 1,
      role: 'USER',
    });
  });

  it('twice, at once or later, with a key or without, is one erasure', async () => {
    const ann = await world.user();
    const options = { idempotencyKey: newId() };
    const first = await world.call(accountRpc.delete, { userId: ann.id }, options);
    expect(await world.call(accountRpc.delete, { userId: ann.id }, options)).toEqual(first);
    const more = await Promise.all(Array.from({ length: 10 }, () => remove(ann)));
    expect(new Set(more.map(({ id }) => id))).toEqual(new Set([first.id]));
    const bo = await world.user();
    const atOnce = await Promise.all(Array.from({ length: 10 }, () => remove(bo)));
    expect(new Set(atOnce.map(({ id }) => id)).size).toBe(1);
    for (const user of [ann, bo]) expect(mine(await world.published(userEvent.accountDeleted), user)).toHaveLength(1);
  });

  it('works without a profile too, and none can be made afterwards', async () => {
    const userId = newId();
    const erasure = await remove({ id: userId });
    expect(await world.call(accountRpc.state, { userId })).toMatchObject({ status: 'DELETED', version: 1 });
    expect(mine(await world.published(userEvent.accountChanged), { id: userId })).toMatchObject([
      { role: 'USER', status: 'DELETED', version: 1 },
    ]);
    await expect(world.call(userRpc.createProfile, { userId, username: aName() })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      details: { reason: 'ACCOUNT_DELETED' },
    });
    await finishErasure(world, erasure);
    await userPartDone(world, erasure);
  });

  it('is final: the account never gets a profile again, not even by an old key', async () => {
    const [userId, username, options] = [newId(), aName(), { idempotencyKey: newId() }];
    await world.call(userRpc.createProfile, { userId, username }, options);
    const erasure = await remove({ id: userId });
    const again = () =>
      Promise.all([
        outcome(world.call(userRpc.createProfile, { userId, username }, options)),
        outcome(world.call(userRpc.createProfile, { userId, username: aName() })),
      ]);
    expect(await again()).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    await finishErasure(world, erasure);
    await userPartDone(world, erasure);
    expect(await again()).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });

  it('wins over a profile that is made at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const userId = newId();
      await Promise.allSettled([
        world.call(userRpc.createProfile, { userId, username: aName() }),
        remove({ id: userId }),
      ]);
      expect(await world.call(userRpc.profilesByIds, { ids: [userId] })).toEqual([]);
      await eventually(() => isGone({ id: userId }));
    }
  });
});

describe('the receipt', () => {
  it('is complete when every part has reported, in whatever order and however often', async () => {
    const ann = await world.user();
    const erasure = await remove(ann);
    await finishErasure(world, erasure);
    const report = (part: 'auth' | 'post' | 'notification') =>
      world.call(accountRpc.erasureDone, { userId: ann.id, part });
    await report('post');
    const { parts } = (await world.call(accountRpc.erasure, { id: erasure.id }))!;
    const { doneAt } = parts.find(({ part }) => part === 'post')!;
    await Promise.all([report('auth'), report('notification'), report('post')]);
    const complete = await eventually(async () => {
      const now = (await world.call(accountRpc.erasure, { id: erasure.id }))!;
      expect(now.completedAt).not.toBeNull();
      return now;
    });
    expect(complete).toMatchObject({ parts: expect.arrayContaining([{ part: 'post', doneAt }]) });
    expect(complete.parts.filter((part) => part.doneAt === null)).toEqual([]);
    await report('auth');
    expect(await world.call(accountRpc.erasure, { id: erasure.id })).toEqual(complete);
    expect(await remove(ann)).toEqual(complete);
  });

  it('is nobody’s whose account was not deleted', async () => {
    const ann = await world.user();
    await expect(world.call(accountRpc.erasureDone, { userId: ann.id, part: 'post' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['userId'] },
    });
    expect(await world.call(accountRpc.erasure, { id: newId() })).toBeNull();
  });

  it('shows operators how old the oldest open erasure is', async () => {
    await remove(await world.user());
    const age = async () =>
      Number(
        /^erasure_oldest_open_seconds\{[^}]*\} (.*)$/m.exec((await askOperators(world.app, '/metrics')).body)?.[1],
      );
    await world.db.query(
      `update erasure set requested_at = now() - interval '2 hours' where id = (select id from erasure where completed_at is null limit 1)`,
    );
    await eventually(async () => (await age()) >= 7_200);
    await world.db.query('update erasure set completed_at = now() where completed_at is null');
    await eventually(async () => (await age()) === 0);
  });
});

describe('an erasure', () => {
  it('leaves nothing of the user, and what others have is right', async () => {
    const [ann, admin, ...others] = (await world.users(8)) as [Profile, Profile, ...Profile[]];
    await world.db.query(`update profile set role = 'ADMIN' where id = $1`, [admin.id]);
    const key = (user: Profile) => ({ idempotencyKey: `${user.id}:${newId()}:field` });
    await world.call(userRpc.updateProfile, { userId: ann.id, bio: 'Paints.' }, key(ann));
    for (const bo of others) {
      await world.call(userRpc.follow, { followerId: bo.id, followeeId: ann.id }, key(bo));
      await world.call(userRpc.follow, { followerId: ann.id, followeeId: bo.id }, key(ann));
      await world.follow(bo, admin);
    }
    const until = new Date(Date.now() + 60_000).toISOString();
    await world.call(accountRpc.suspend, { moderatorId: admin.id, userId: ann.id, reason: 'Spam.', until }, key(admin));
    await world.call(accountRpc.reinstate, { moderatorId: admin.id, userId: ann.id, reason: 'A mistake.' }, key(admin));
    await world.db.query(`insert into second_factor (user_id, secret, confirmed_at) values ($1, '\\x00', now())`, [
      ann.id,
    ]);
    await world.db.query(`insert into recovery_code (user_id, code_hash) values ($1, '\\x01'), ($1, '\\x02')`, [
      ann.id,
    ]);
    await world.db.query(
      `insert into sign_in (id, user_id, outcome, ip_address, user_agent) select gen_random_uuid(), $1, 'SIGNED_IN', '192.0.2.1', 'x' from generate_series(1, 30)`,
      [ann.id],
    );
    await world.call(sessionRpc.passwordChanged, { userId: ann.id, at: new Date().toISOString() });
    const before = [
      'account_action.user_id',
      'follow.followee_id',
      'follow.follower_id',
      'follow_count.user_id',
      'idempotency_key.answer',
      'idempotency_key.key',
      'outbox.payload',
      'password_change.user_id',
      'profile.id',
      'recovery_code.user_id',
      'second_factor.user_id',
      'sign_in.user_id',
    ];
    expect(await placesOf(world, ann.id)).toEqual(expect.arrayContaining(before));
    expect(await placesOf(world, ann.username)).toEqual(['idempotency_key.answer', 'profile.username']);

    const erasure = await world.call(accountRpc.delete, { userId: ann.id }, key(ann));
    await finishErasure(world, erasure);
    await userPartDone(world, erasure);
    expect(await placesOf(world, ann.id)).toEqual(['account_action.user_id', 'erasure.user_id']);
    expect(new Set((await placesOf(world, ann.username)).map((place) => place.split('.')[0]))).toEqual(
      new Set(['released_username']),
    );
    expect(await wrongCounts(world)).toEqual([]);
    for (const bo of others) expect(await world.counts(bo)).toEqual({ followerCount: 0, followingCount: 1 });
    expect(await world.counts(admin)).toEqual({ followerCount: others.length, followingCount: 0 });
    expect(await placesOf(world, admin.id)).toEqual(expect.arrayContaining(['profile.id', 'outbox.payload']));
  });

  it('tells of each edge once, later than what made it, so that feeds drop it', async () => {
    const [ann, bo, cy] = (await world.users(3)) as [Profile, Profile, Profile];
    await Promise.all([world.follow(ann, bo), world.follow(bo, ann), world.follow(cy, ann)]);
    const versions = (await world.published(userEvent.followed))
      .filter((edge) => [edge.followerId, edge.followeeId].includes(ann.id))
      .map(({ version }) => version);
    await remove(ann);
    const unfollowed = async () =>
      (await world.published(userEvent.unfollowed)).filter((edge) =>
        [edge.followerId, edge.followeeId].includes(ann.id),
      );
    await eventually(() => isGone(ann));
    const published = await unfollowed();
    expect(published.map(({ followerId, followeeId }) => `${followerId} ${followeeId}`).sort()).toEqual(
      [`${ann.id} ${bo.id}`, `${bo.id} ${ann.id}`, `${cy.id} ${ann.id}`].sort(),
    );
    for (const { version } of published) expect(version).toBeGreaterThan(Math.max(...versions));
  });

  it('is not over while a request of before may still be under way, and takes what that has left', async () => {
    const ann = await world.user();
    const erasure = await remove(ann);
    await eventually(() => isGone(ann));
    await eventually(
      async () =>
        (await world.app.get(ErasurePartsService).eraseUser({ id: erasure.id, userId: ann.id, isOldEnough: false })) ===
        'CLEAN',
    );
    expect(await partsDone(world, erasure)).toEqual([]);
    await world.db.query(
      `insert into sign_in (id, user_id, outcome, ip_address, user_agent) values (gen_random_uuid(), $1, 'SIGNED_IN', '192.0.2.1', 'late')`,
      [ann.id],
    );
    await world.db.query(`insert into idempotency_key (key, request_hash, answer) values ($1, 'x', '{}')`, [
      `${ann.id}:late`,
    ]);
    await finishErasure(world, erasure);
    await userPartDone(world, erasure);
    expect(await placesOf(world, ann.id)).toEqual(['erasure.user_id']);
  });

  it('is not over while its own events wait for the broker', async () => {
    await world.db.query(
      `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not published'; end $$`,
    );
    await world.db.query('create trigger stuck before update on outbox for each row execute function refuse()');
    const ann = await world.user();
    const erasure = await remove(ann);
    await eventually(() => isGone(ann));
    await eventually(
      async () =>
        (await world.app.get(ErasurePartsService).eraseUser({ id: erasure.id, userId: ann.id, isOldEnough: true })) ===
        'CLEAN',
    );
    expect(await partsDone(world, erasure)).toEqual([]);
    expect(mine(await world.published(userEvent.accountDeleted), ann)).toHaveLength(1);
    await world.db.query('drop trigger stuck on outbox');
    await finishErasure(world, erasure);
    await userPartDone(world, erasure);
    expect(await placesOf(world, ann.id)).toEqual(['erasure.user_id']);
  });

  it('reminds those who have not confirmed it for long, and nobody else', async () => {
    const [ann, bo, cy] = (await world.users(3)) as [Profile, Profile, Profile];
    for (const user of [ann, bo, cy]) await remove(user);
    for (const part of ['auth', 'post', 'notification'] as const)
      await world.call(accountRpc.erasureDone, { userId: bo.id, part });
    await world.db.query(`update erasure set announced_at = now() - interval '2 hours' where user_id = any($1)`, [
      [ann.id, bo.id],
    ]);
    const runner = world.app.get(ErasureRunnerService);
    await Promise.all([runner.tidy(), runner.tidy()]);
    const published = await world.published(userEvent.accountDeleted);
    expect([ann, bo, cy].map((user) => mine(published, user).length)).toEqual([2, 1, 1]);
  });
});

describe('the name of a deleted account', () => {
  const signUp = (username: string) => world.call(userRpc.createProfile, { userId: newId(), username });

  it('is held for thirty days from now on, and is free afterwards', async () => {
    const ann = await signUp('Ida.Illinois');
    const erasure = await remove(ann);
    const taken = async () => {
      for (const username of ['Ida.Illinois', 'ida.illinois', 'Ida.lllinois', 'lda.I1linois'])
        await expect(signUp(username)).rejects.toMatchObject({
          code: 'CONFLICT',
          details: { reason: 'USERNAME_TAKEN' },
        });
    };
    await taken();
    await finishErasure(world, erasure);
    await userPartDone(world, erasure);
    await taken();
    const [{ days }] = (await world.db.query(
      `select extract(epoch from free_at - now()) / 86400 as days from released_username where folded = 'ida.illinois'`,
    )) as [{ days: string }];
    expect(Number(days)).toBeCloseTo(30, 1);

    await world.db.query(
      `update released_username set free_at = free_at - interval '30 days' where folded = 'ida.illinois'`,
    );
    expect(await signUp('ida.illinois')).toMatchObject({ username: 'ida.illinois' });
    await world.app.get(ErasureRunnerService).tidy();
    expect(await world.db.query(`select from released_username where folded = 'ida.illinois'`)).toEqual([]);
  });

  it('can be held again by whoever had it next', async () => {
    for (let round = 0; round < 2; round++) {
      const erasure: Erasure = await remove(await signUp('second.hand'));
      await finishErasure(world, erasure);
      await userPartDone(world, erasure);
      await world.db.query(`update released_username set free_at = now() where folded = 'second.hand'`);
    }
    expect(await signUp('second.hand')).toMatchObject({ username: 'second.hand' });
  });

  it('goes to nobody in the moment in which the profile disappears', async () => {
    const ann = await signUp('moment.us');
    let over = false;
    const grab = async () => {
      const won: string[] = [];
      while (!over) won.push(await outcome(signUp('Moment.Us')));
      return won;
    };
    const grabbing = Promise.all([grab(), grab(), grab()]);
    await remove(ann);
    await eventually(() => isGone(ann));
    over = true;
    expect(new Set((await grabbing).flat())).toEqual(new Set(['CONFLICT']));
    expect(await outcome(signUp('moment.us'))).toBe('CONFLICT');
  });
});

describe('the media of a deleted account', () => {
  it('are erased call by call, and one owner’s trouble is not another’s', async () => {
    const [ann, bo] = (await world.users(2)) as [Profile, Profile];
    media.batches.set(ann.id, 5);
    media.broken.add(bo.id);
    const [ofBo, ofAnn] = [await remove(bo), await remove(ann)];
    for (const erasure of [ofAnn, ofBo]) await finishErasure(world, erasure);
    await eventually(async () => (await partsDone(world, ofAnn)).includes('media'));
    expect(media.asked.filter((id) => id === ann.id).length).toBeGreaterThanOrEqual(5);
    await userPartDone(world, ofBo);
    expect(await partsDone(world, ofBo)).not.toContain('media');
    media.broken.clear();
    await eventually(async () => (await partsDone(world, ofBo)).includes('media'));
  });
});
