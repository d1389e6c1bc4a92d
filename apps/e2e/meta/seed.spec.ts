import { createHash } from 'node:crypto';
import { auditCounters } from '@fowergram/counters';
import { Database } from '@fowergram/database';
import { createDatabase, type TestDatabase, testVariable } from '@fowergram/testing';
import { COUNTERS as ofPost } from '../../post/src/counters/counters.registry.js';
import { COUNTERS as ofUser } from '../../user/src/counters/counters.registry.js';
import { seedCrowd } from '../src/seed/crowd.js';
import { CROWD_TABLES } from '../src/seed/crowd-rows.js';
import { CrowdShape } from '../src/seed/crowd-shape.js';

const SIZE = { users: 300, posts: 1_000, likes: 9_000, seed: 5 };
const ENDS_AT = Date.UTC(2026, 0, 1);
const SERVICES = ['user', 'post', 'media', 'notification'] as const;

/** Every row of a crowd, in a few letters. */
function printOf(seed: number): string {
  const [crowd, hash] = [new CrowdShape({ ...SIZE, seed }, ENDS_AT), createHash('sha256')];
  for (const { lines } of CROWD_TABLES) for (const line of lines(crowd)) hash.update(line);
  return hash.digest('hex');
}

describe('the seed of a crowd', () => {
  const databases: TestDatabase[] = [];
  let user: Database;
  let post: Database;

  beforeAll(async () => {
    for (const service of SERVICES) databases.push(await createDatabase(service));
    const urls = Object.fromEntries(SERVICES.map((service, index) => [service, databases[index]!.url]));
    const adminUrl = testVariable('TEST_DATABASE_URL');
    await seedCrowd({ ...SIZE, databases: urls, adminUrl, endsAt: ENDS_AT, say: () => undefined });
    [user, post] = [new Database({ url: urls.user!, max: 2 }), new Database({ url: urls.post!, max: 2 })];
  });
  afterAll(async () => {
    await Promise.all([user?.close(), post?.close()]);
    for (const database of databases) await database.drop();
  });

  it('has as many users, posts and likes as it was asked for, and every counter is true', async () => {
    const count = async (db: Database, table: string) => (await db.query(`select from ${table}`)).length;
    expect([await count(user, 'profile'), await count(post, 'post'), await count(post, 'post_like')]).toEqual([
      300, 1_000, 9_000,
    ]);
    const found = [
      ...(await auditCounters({ db: user, counters: ofUser })),
      ...(await auditCounters({ db: post, counters: ofPost })),
    ];
    expect(found.filter(({ drift }) => drift > 0)).toEqual([]);
    expect(found.map(({ keys }) => keys).filter(Boolean).length).toBeGreaterThanOrEqual(5);
  });

  it('gives few very much and most a little', async () => {
    const [likes] = await post.query<{ most: number; middle: number }>(
      'select max(like_count)::int as most, percentile_disc(0.5) within group (order by like_count)::int as middle from post',
    );
    expect(likes!.most).toBeGreaterThan(10 * likes!.middle);
    const [followers] = await user.query<{ most: number; middle: number }>(
      'select max(follower_count)::int as most, percentile_disc(0.5) within group (order by follower_count)::int as middle from follow_count',
    );
    expect(followers!.most).toBeGreaterThan(10 * followers!.middle);
  });

  it('is the same again for the same seed, and another one for another', () => {
    expect(printOf(5)).toBe(printOf(5));
    expect(printOf(6)).not.toBe(printOf(5));
  });
});
