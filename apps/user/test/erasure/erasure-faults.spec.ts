import { spawn } from 'node:child_process';
import { accountRpc, type Profile, secondFactorRpc, userEvent, userRpc } from '@fowergram/contracts-user';
import { newId, type Tx } from '@fowergram/database';
import { startService } from '@fowergram/service-kit';
import { eventually } from '@fowergram/testing';
import { config } from '../../src/config.js';
import { ErasurePartsService } from '../../src/erasure/erasure-parts.service.js';
import { service } from '../../src/service.js';
import { SignInsErasure } from '../../src/sign-ins/sign-ins.erasure.js';
import { partsDone, placesOf, serveMediaErasing, finishErasure, userPartDone, wrongCounts } from './erasure-world.js';
import { openWorld, type World } from '../world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

const remove = (user: { id: string }) => world.call(accountRpc.delete, { userId: user.id });
const edgesOf = async (user: { id: string }) =>
  (
    await world.db.query<{ count: number }>(
      'select count(*)::int as count from follow where $1 in (follower_id, followee_id)',
      [user.id],
    )
  )[0]!.count;

/** Makes many users, half of whom follow the star, and half of whom the star follows. */
async function crowdAround(star: Profile, size: number): Promise<void> {
  await world.db.query(
    `insert into profile (id, username) select gen_random_uuid(), 'fan' || n || '_' || left($1::text, 8) || n from generate_series(1, $2::integer) n`,
    [star.id.slice(-12), size],
  );
  const fans = `select id, row_number() over (order by id) as n from profile where username like 'fan%'`;
  await world.db.query(`insert into follow_count (user_id) select id from (${fans}) f on conflict do nothing`);
  await world.db.query(
    `insert into follow (follower_id, followee_id, created_at) select case when n % 2 = 0 then id else $1::uuid end, case when n % 2 = 0 then $1::uuid else id end, now() from (${fans}) f`,
    [star.id],
  );
  await world.db.query(
    `update follow_count c set follower_count = (select count(*) from follow where followee_id = c.user_id), following_count = (select count(*) from follow where follower_id = c.user_id)`,
  );
}

/** Holds what a statement locks until it is released. */
async function hold(statement: string, values: unknown[]): Promise<() => Promise<void>> {
  let letGo!: () => void;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  let done!: Promise<void>;
  await new Promise<void>((held, failed) => {
    done = world.db.transaction(async (tx: Tx) => {
      await tx.query(statement, values).catch((error: unknown) => {
        failed(error as Error);
        throw error;
      });
      held();
      await released;
    });
  });
  return () => {
    letGo();
    return done;
  };
}

/** What a follow leaves that began before the deletion and was committed long after it. */
const LATE_FOLLOW = `
  with made as (
    insert into follow (follower_id, followee_id, created_at) values ($1, $2, now()) on conflict do nothing returning follower_id, followee_id
  )
  insert into follow_count_delta (user_id, followers, following) select followee_id, 1, 0 from made union all select follower_id, 0, 1 from made`;

describe('an erasure', () => {
  it('goes on where a killed service has stopped, with nothing lost and nothing published twice', async () => {
    const star = await world.user();
    await crowdAround(star, 2_400);
    await world.stop();
    const child = spawn(process.execPath, ['dist/apps/user/src/main.js'], {
      env: { ...process.env, ...world.env, NODE_ENV: 'test' },
      stdio: 'ignore',
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    try {
      await eventually(() => world.call(userRpc.profilesByIds, { ids: [star.id] }));
      // The last of the edges from the star: the batch that comes to it waits, with the batches before it committed.
      const release = await hold(
        'select from follow where follower_id = $1 order by followee_id desc limit 1 for update',
        [star.id],
      );
      const erasure = await remove(star);
      await eventually(async () => (await edgesOf(star)) === 2_400 - 1_000);
      child.kill('SIGKILL');
      await exited;
      await release();
      expect(await edgesOf(star)).toBe(1_400);
      expect(await world.published(userEvent.unfollowed)).toHaveLength(1_000);

      await world.start();
      await eventually(async () => (await edgesOf(star)) === 0);
      await eventually(async () => (await world.db.query('select from profile where id = $1', [star.id])).length === 0);
      const published = await world.published(userEvent.unfollowed);
      expect(published).toHaveLength(2_400);
      expect(new Set(published.map(({ followerId, followeeId }) => `${followerId} ${followeeId}`)).size).toBe(2_400);
      expect(await wrongCounts(world)).toEqual([]);
      await finishErasure(world, erasure);
      await userPartDone(world, erasure);
      expect(await placesOf(world, star.id)).toEqual(['erasure.user_id']);
    } finally {
      child.kill('SIGKILL');
      await world.start();
    }
  });

  it('waits for media while they are away, does the rest meanwhile, and ends when they are back', async () => {
    const ann = await world.user();
    const erasure = await remove(ann);
    await finishErasure(world, erasure);
    await userPartDone(world, erasure);
    expect(await partsDone(world, erasure)).toEqual(['user']);
    await world.stop();
    await world.start();
    const media = await serveMediaErasing(world.messaging);
    media.batches.set(ann.id, 3);
    await eventually(async () => (await partsDone(world, erasure)).includes('media'));
    expect(media.asked.filter((id) => id === ann.id).length).toBeGreaterThanOrEqual(3);
  });

  it('ends also when users follow and unfollow at the same moment, who get honest answers', async () => {
    for (let round = 0; round < 3; round++) {
      const [ann, ...others] = (await world.users(13)) as [Profile, ...Profile[]];
      const answers: string[] = [];
      let over = false;
      const busy = others.map(async (bo, index) => {
        while (!over) {
          const acts = [() => world.follow(bo, ann), () => world.unfollow(bo, ann), () => world.follow(ann, bo)];
          answers.push(
            await acts[(index + answers.length) % 3]!().then(
              () => 'OK',
              (error: { code: string }) => error.code,
            ),
          );
        }
      });
      await eventually(() => answers.filter((answer) => answer === 'OK').length > 30);
      const erasure = await remove(ann);
      await eventually(async () => (await world.db.query('select from profile where id = $1', [ann.id])).length === 0);
      over = true;
      await Promise.all(busy);
      expect(new Set(answers)).toEqual(
        new Set(['OK', 'NOT_FOUND', ...(answers.includes('FORBIDDEN') ? ['FORBIDDEN'] : [])]),
      );
      await finishErasure(world, erasure);
      await userPartDone(world, erasure);
      expect(await placesOf(world, ann.id)).toEqual(['erasure.user_id']);
      expect(await wrongCounts(world)).toEqual([]);
    }
  });

  it.each(['followeeId', 'followerId'] as const)(
    'that takes the profile away under a follow which has begun makes it a follow of nobody (%s)',
    async (field) => {
      const [ann, bo] = (await world.users(2)) as [Profile, Profile];
      const following = await world.db.transaction(async (tx) => {
        await tx.query('select from profile where id = $1 for update', [ann.id]);
        const follow = (field === 'followeeId' ? world.follow(bo, ann) : world.follow(ann, bo)).then(
          () => undefined,
          (error: unknown) => error,
        );
        const isWaiting = async () =>
          (
            await world.db.query(
              `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into follow (%'`,
            )
          ).length > 0;
        await eventually(isWaiting, 4_000);
        await tx.query('delete from follow_count where user_id = $1', [ann.id]);
        await tx.query('delete from profile where id = $1', [ann.id]);
        return { follow };
      });
      expect(await following.follow).toMatchObject({ code: 'NOT_FOUND', details: { path: [field] } });
    },
  );

  it('is not clean while a follow that took very long has left an edge', async () => {
    const [ann, bo] = (await world.users(2)) as [Profile, Profile];
    const erasure = { id: newId(), userId: ann.id, isOldEnough: true };
    await world.db.query(
      `with e as (insert into erasure (id, user_id, requested_at) values ($1, $2, now() + interval '1 day') returning id) insert into erasure_part (erasure_id, part) select id, 'user' from e`,
      [erasure.id, ann.id],
    );
    const signIns = world.app.get(SignInsErasure);
    const eraseSignIns = signIns.eraseBatch.bind(signIns);
    signIns.eraseBatch = async (tx, userId, sizeOf) => {
      await world.db.query(LATE_FOLLOW, [bo.id, ann.id]);
      return eraseSignIns(tx, userId, sizeOf);
    };
    const parts = world.app.get(ErasurePartsService);
    // The service takes turns at it too, and none of its turns is clean either.
    await eventually(async () => (await parts.eraseUser(erasure)) === 'BUSY');
    expect(
      await world.db.query('select from erasure_part where erasure_id = $1 and done_at is not null', [erasure.id]),
    ).toEqual([]);
    expect(await edgesOf(ann)).toBe(1);
    Reflect.deleteProperty(signIns, 'eraseBatch');
    await eventually(async () => (await world.db.query('select from profile where id = $1', [ann.id])).length === 0);
  });

  it('waits for a second factor that is being set up, and takes it', async () => {
    const ann = await world.user();
    const { starting, deleting } = await world.db.transaction(async (tx) => {
      await tx.query(`insert into second_factor (user_id, secret) values ($1, '\\x00')`, [ann.id]);
      const starting = world.call(secondFactorRpc.start, { userId: ann.id, accountName: 'ann' });
      await eventually(
        async () =>
          (
            await world.db.query(
              `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database() and query like '%insert into second_factor%'`,
            )
          ).length > 0,
        3_000,
      );
      const deleting = remove(ann);
      await eventually(
        async () =>
          (
            await world.db.query(
              `select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
            )
          ).length > 0,
        3_000,
      );
      return { starting, deleting };
    });
    await starting;
    const erasure = await deleting;
    await finishErasure(world, erasure);
    await userPartDone(world, erasure);
    expect(await placesOf(world, ann.id)).toEqual(['erasure.user_id']);
  });

  it('of many who all follow each other ends with two replicas at work, and everything is published once', async () => {
    const users = await world.users(12);
    const stays = await world.user();
    const before = (await world.published(userEvent.unfollowed)).length;
    const pairs = users.flatMap((one) =>
      [...users, stays].filter((other) => other !== one).map((other) => [one, other] as const),
    );
    // One after the other: more follows at once than there are connections may wait too long for one.
    for (const one of users)
      await Promise.all(pairs.filter(([follower]) => follower === one).map(([, other]) => world.follow(one, other)));
    const replica = await startService({ ...service, host: '127.0.0.1' }, config.read(world.env));
    try {
      const erasures = await Promise.all(users.map(remove));
      await eventually(
        async () =>
          (await world.db.query('select from profile where id = any($1)', [users.map(({ id }) => id)])).length === 0,
      );
      expect((await world.published(userEvent.unfollowed)).length - before).toBe(pairs.length);
      expect(await world.counts(stays)).toEqual({ followerCount: 0, followingCount: 0 });
      for (const erasure of erasures) await finishErasure(world, erasure);
      for (const erasure of erasures) await userPartDone(world, erasure);
      expect(await wrongCounts(world)).toEqual([]);
    } finally {
      await replica.close();
    }
  });
});
