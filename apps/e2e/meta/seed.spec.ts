import { createHash } from 'node:crypto';
import { auditCounters } from '@fowergram/counters';
import { Database } from '@fowergram/database';
import { createDatabase, type TestDatabase, testVariable } from '@fowergram/testing';
import pg from 'pg';
import { COUNTERS as ofPost } from '../../post/src/counters/counters.registry.js';
import { COUNTERS as ofUser } from '../../user/src/counters/counters.registry.js';
import { bulkLoad } from '../src/seed/bulk-load.js';
import { copyRows } from '../src/seed/copy-rows.js';
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

/** What is drawn by chance, or from the clock of the database. */
const CHANCE = {
  post: ['code'],
  media: ['status_at'],
  relation: ['changed_at'],
  profile: ['created_at', 'status_changed_at'],
};

/** All rows of all tables but the results of audits, and all indexes, constraints and triggers with their state. Deltas count as what they are added to. */
async function contentsOf(db: Database): Promise<Record<string, string[]>> {
  const tables = await db.query<{ name: string }>(
    `select tablename::text as name from pg_tables where schemaname = 'public' and tablename not like '%\\_delta' and tablename <> 'counter_audit' order by 1`,
  );
  const found: Record<string, string[]> = { parts: (await db.query<{ row: string }>(PARTS)).map(({ row }) => row) };
  for (const { name } of tables) {
    const from = name === 'hashtag_counter' ? HASHTAG_COUNTERS : name;
    const without = CHANCE[name as keyof typeof CHANCE] ?? [];
    const rows = await db.query<{ row: string }>(
      `select (to_jsonb(t) - $1::text[])::text as row from ${from} t order by 1`,
      [without],
    );
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}

function differences(found: Record<string, string[]>, expected: Record<string, string[]>): string[] {
  const linesOf = (contents: Record<string, string[]>) =>
    Object.entries(contents).flatMap(([table, rows]) => [
      `${table}: ${rows.length}`,
      ...rows.map((row) => `${table} ${row}`),
    ]);
  const [here, there] = [new Set(linesOf(found)), new Set(linesOf(expected))];
  return [...[...here].filter((line) => !there.has(line)), ...[...there].filter((line) => !here.has(line))].slice(
    0,
    10,
  );
}

const HASHTAG_COUNTERS = `(
  select hashtag, sum(posts) from (select hashtag, post_count from hashtag_counter union all select hashtag, posts from hashtag_counter_delta)
  as c (hashtag, posts) group by hashtag having sum(posts) <> 0)`;
const PARTS = `
  select pg_get_indexdef(indexrelid) || indisvalid as row from pg_index where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
  union all select conrelid::regclass || conname || pg_get_constraintdef(oid) || convalidated from pg_constraint where connamespace = 'public'::regnamespace
  union all select pg_get_triggerdef(oid) || tgenabled::text from pg_trigger where not tgisinternal order by 1`;

describe('the seed of a crowd', () => {
  const databases: TestDatabase[] = [];
  const databaseOf = async (service: (typeof SERVICES)[number]) => {
    const database = await createDatabase(service);
    databases.push(database);
    return database.url;
  };
  let user: Database;
  let post: Database;
  const urls: Record<string, string> = {};

  beforeAll(async () => {
    for (const service of SERVICES) urls[service] = await databaseOf(service);
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

  it('leaves what rows written one by one leave, with every index, constraint and trigger as it was', async () => {
    const crowd = new CrowdShape(SIZE, ENDS_AT);
    for (const service of SERVICES) {
      const oneByOne = await databaseOf(service);
      const client = new pg.Client({ connectionString: oneByOne });
      await client.connect();
      for (const { table, columns, lines } of CROWD_TABLES.filter((each) => each.service === service))
        await copyRows(client, `${table} (${columns.join(', ')})`, lines(crowd));
      await client.end();
      const [expected, found] = [oneByOne, urls[service]!].map((url) => new Database({ url, max: 1 }));
      expect(differences(await contentsOf(found!), await contentsOf(expected!))).toEqual([]);
      await Promise.all([expected!.close(), found!.close()]);
    }
  });

  it('locks no account, of which there may be more than Postgres has room for', async () => {
    const client = new pg.Client({ connectionString: await databaseOf('post') });
    await client.connect();
    const { table, columns, lines, derived } = CROWD_TABLES.find(({ derived }) => derived)!;
    const locks = await bulkLoad(client, { tables: [table, ...derived!.tables], isDerived: true }, async () => {
      await copyRows(client, `${table} (${columns.join(', ')})`, lines(new CrowdShape(SIZE, ENDS_AT)));
      for (const statement of derived!.statements) await client.query(statement);
      return client.query(`select from pg_locks where pid = pg_backend_pid() and locktype = 'advisory'`);
    });
    expect(locks.rowCount).toBe(0);
    await client.end();
  });

  it('undoes a load that fails, and keeps the indexes', async () => {
    const before = await contentsOf(post);
    const again = seedCrowd({
      ...SIZE,
      databases: { ...urls, user: await databaseOf('user') },
      adminUrl: testVariable('TEST_DATABASE_URL'),
      endsAt: ENDS_AT,
      say: () => undefined,
    });
    await expect(again).rejects.toMatchObject({ code: '23505' });
    expect(differences(await contentsOf(post), before)).toEqual([]);
  });

  it('is the same again for the same seed, and another one for another', () => {
    expect(printOf(5)).toBe(printOf(5));
    expect(printOf(6)).not.toBe(printOf(5));
  });
});
