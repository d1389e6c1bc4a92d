import { type Profile, reportRpc, userRpc } from '@fowergram/contracts-user';
import { auditCounters, type Counter, CounterAggregator, nameOf } from '@fowergram/counters';
import { type Database, newId } from '@fowergram/database';
import { doubleDelta, eventually, loseDelta, storm, watchLocks, whileNotAggregated } from '@fowergram/testing';
import { COUNTERS } from '../../src/counters/counters.registry.js';
import { openWorld, type World } from '../world.js';

describe('follower counters', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  it('are right in the answer after every single change', async () => {
    const [ann, ...others] = (await world.users(6)) as [Profile, ...Profile[]];
    for (const [n, follower] of others.entries()) {
      await world.follow(follower, ann);
      expect(await world.counts(ann)).toEqual({ followerCount: n + 1, followingCount: 0 });
    }
    for (const [n, follower] of others.entries()) {
      await world.unfollow(follower, ann);
      expect(await world.counts(ann)).toEqual({ followerCount: others.length - n - 1, followingCount: 0 });
    }
  });

  it('never miss an acknowledged follow and never invent one, while many follow at once and deltas are aggregated', async () => {
    const [star, ...fans] = (await world.users(41)) as [Profile, ...Profile[]];
    const aggregator = world.app.get(CounterAggregator);
    let acknowledged = 0;
    let done = false;
    const follows = Promise.all(fans.map((fan) => world.follow(fan, star).then(() => acknowledged++))).finally(
      () => (done = true),
    );
    const watch = async () => {
      while (!done) {
        const atLeast = acknowledged;
        const { followerCount } = await world.counts(star);
        expect(followerCount).toBeGreaterThanOrEqual(atLeast);
        expect(followerCount).toBeLessThanOrEqual(fans.length);
      }
    };
    const aggregate = async () => {
      while (!done) await aggregator.aggregateAll();
    };
    await Promise.all([follows, watch(), aggregate()]);
    expect(await world.counts(star)).toEqual({ followerCount: 40, followingCount: 0 });
  });

  it('equal the edges when everything is aggregated, and no delta is left', async () => {
    const users = await world.users(8);
    const pairs = users.flatMap((one) => users.filter((other) => other !== one).map((other) => [one, other] as const));
    await Promise.all(
      pairs.map(([one, other], n) =>
        n % 3 ? world.follow(one, other) : world.follow(one, other).then(() => world.unfollow(one, other)),
      ),
    );
    await eventually(async () => (await world.db.query('select 1 from follow_count_delta limit 1')).length === 0);
    const wrong = await world.db.query(`
      select c.user_id from follow_count c
      where c.follower_count <> (select count(*) from follow where followee_id = c.user_id)
         or c.following_count <> (select count(*) from follow where follower_id = c.user_id)`);
    expect(wrong).toEqual([]);
    expect(await world.db.query('select 1 from follow')).not.toHaveLength(0);
  });

  it('come for many users at once, each once, and not for those who do not exist', async () => {
    const [ann, bo] = (await world.users(2)) as [Profile, Profile];
    await world.follow(ann, bo);
    const counts = await world.call(userRpc.countsByIds, { ids: [ann.id, newId(), bo.id, ann.id] });
    expect([...counts].sort((a, b) => a.followerCount - b.followerCount)).toEqual([
      { userId: ann.id, followerCount: 0, followingCount: 1 },
      { userId: bo.id, followerCount: 1, followingCount: 0 },
    ]);
  });

  it('are mended by an audit, with the number of reports, while follows are under way', async () => {
    const [star, ...fans] = (await world.users(11)) as [Profile, ...Profile[]];
    await world.db.query('update follow_count set follower_count = 9, following_count = -2 where user_id = $1', [
      star.id,
    ]);
    const [caseId, subjectId, ownerId] = [newId(), newId(), newId()];
    await world.db.query(
      `insert into report_case (id, subject_kind, subject_id, owner_id, report_count, opened_at) values ($1, 'post', $2, $3, 4, now())`,
      [caseId, subjectId, ownerId],
    );
    const storm = Promise.all(fans.map((fan) => world.follow(fan, star)));
    const audit = () => auditCounters({ db: world.db, counters: COUNTERS, repair: true });
    expect((await audit()).map(({ counter, drift, examples }) => [counter, drift, examples])).toEqual([
      ['follow_count.follower_count', 9, [star.id]],
      ['follow_count.following_count', 2, [star.id]],
      ['report_case.report_count', 4, [caseId]],
    ]);
    await storm;
    expect((await audit()).map(({ drift }) => drift)).toEqual([0, 0, 0]);
    expect(await world.counts(star)).toEqual({ followerCount: fans.length, followingCount: 0 });
    expect(await world.db.query('select report_count from report_case where id = $1', [caseId])).toEqual([
      { report_count: 0 },
    ]);
  });

  it.each(COUNTERS.map((counter) => [nameOf(counter), counter] as const))(
    'are found by an audit and mended where %s was counted twice or not at all',
    async (name, counter) => {
      const found = async (repair?: boolean) => {
        const results = await auditCounters({ db: world.db, counters: COUNTERS, repair });
        const { drifted, drift } = results.find((result) => result.counter === name)!;
        return { drifted, drift };
      };
      const [ann, bo] = (await world.users(2)) as [Profile, Profile];
      await whileNotAggregated(world.db, ['follow_count'], async () => {
        await world.follow(ann, bo);
        await world.call(reportRpc.create, { reporterId: ann.id, ...postOf(bo), reason: 'SPAM' });
        expect(await found()).toEqual({ drifted: 0, drift: 0 });
        for (const breakCount of counter.delta ? [doubleDelta, loseDelta] : [countTwice, countNotAtAll]) {
          const drift = await breakCount(world.db, counter);
          expect(drift).toBeGreaterThan(0);
          expect(await found()).toEqual({ drifted: 1, drift });
          expect(await found(true)).toEqual({ drifted: 1, drift });
          expect(await found()).toEqual({ drifted: 0, drift: 0 });
        }
      });
    },
  );

  it('are exact after 300 follows of one user by 50 callers at once, of which none waited for another', async () => {
    const star = await world.user();
    const fans: Profile[] = [];
    await storm(20, Array(300).keys(), async () => fans.push(await world.user()));
    const stopWatching = await watchLocks(world.databaseUrl);
    await storm(50, fans, (fan) => world.follow(fan, star));
    expect(await stopWatching()).toEqual({ longest: {}, deadlocks: 0, samples: expect.any(Number) });
    await storm(50, fans.slice(0, 100), (fan) => world.unfollow(fan, star));
    expect(await world.counts(star)).toEqual({ followerCount: 200, followingCount: 0 });
    const results = await auditCounters({ db: world.db, counters: COUNTERS });
    expect(results.filter(({ drift }) => drift > 0)).toEqual([]);
  });
});

const postOf = ({ id }: Profile) => ({ subjectKind: 'post' as const, subjectId: newId(), ownerId: id });

/** Changes a number that is kept in its row, as a statement does that runs twice or not at all. */
const changeBy =
  (by: number) =>
  async (db: Database, { table, column }: Counter) => {
    await db.query(
      `update ${table} set ${column} = ${column} + $1 where id = (select id from ${table} order by id limit 1)`,
      [by],
    );
    return Math.abs(by);
  };
const [countTwice, countNotAtAll] = [changeBy(1), changeBy(-1)];
