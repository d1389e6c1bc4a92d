import { auditCounters, type Counter, nameOf } from '@fowergram/counters';
import { Database } from '@fowergram/database';
import { createDatabase, type TestDatabase } from '@fowergram/testing';
import { COUNTERS as ofPost } from '../../post/src/counters/counters.registry.js';
import { COUNTERS as ofUser } from '../../user/src/counters/counters.registry.js';

const registries: ['user' | 'post' | 'media' | 'notification', Counter[]][] = [
  ['user', ofUser],
  ['post', ofPost],
  ['media', []],
  ['notification', []],
];

/** Numbers of something, and everything of a delta table that is neither its id nor whose number changes. */
const STORED = `
  select table_name || '.' || column_name as name from information_schema.columns
  where table_schema = 'public' and column_name like '%\\_count' order by 1`;
const DELTAS = `
  select table_name || '.' || column_name as name from information_schema.columns
  where table_schema = 'public' and table_name like '%\\_delta' and data_type in ('integer', 'bigint') and column_name <> 'id' order by 1`;

describe.each(registries)('the registry of the counters of %s', (service, counters) => {
  let database: TestDatabase;
  let db: Database;
  const names = async (sql: string) => (await db.query<{ name: string }>(sql)).map(({ name }) => name);

  beforeAll(async () => {
    database = await createDatabase(service);
    db = new Database({ url: database.url, max: 2 });
  });

  afterAll(async () => {
    await db?.close();
    await database?.drop();
  });

  it('has every stored number and every column of a delta table', async () => {
    expect(counters.map(nameOf).sort()).toEqual(await names(STORED));
    const deltas = counters.flatMap(({ delta, deltaColumn }) => (delta ? [`${delta}.${deltaColumn}`] : []));
    expect(deltas.sort()).toEqual(await names(DELTAS));
  });

  it('counts an empty database without finding anything', async () => {
    expect(
      (await auditCounters({ db, counters, repair: true })).map(({ counter, keys, drift }) => [counter, keys, drift]),
    ).toEqual(counters.map((counter) => [nameOf(counter), 0, 0]));
  });
});
