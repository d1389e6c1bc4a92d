import { jest } from '@jest/globals';
import { createDatabase, type TestDatabase } from '@fowergram/testing';
import { Database, isUniqueViolation, newId, one, type Sql } from '../src/index.js';

describe('a database', () => {
  let database: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    database = await createDatabase('user');
    db = new Database({ url: database.url });
    await db.query('create table probe (id int constraint probe_key primary key, counter bigint not null default 0)');
  });

  afterAll(async () => {
    await db?.close();
    await database?.drop();
  });

  const count = async (): Promise<number> =>
    one(await db.query<{ n: number }>('select count(*)::int as n from probe')).n;
  const insert = (sql: Sql, id: number) => sql.query('insert into probe (id) values ($1)', [id]);

  it('commits all of a transaction', async () => {
    const before = await count();
    await db.transaction(async (tx) => {
      await insert(tx, 1);
      await insert(tx, 2);
    });
    expect(await count()).toBe(before + 2);
  });

  it('commits nothing of a transaction that fails, and goes on', async () => {
    const before = await count();
    await expect(
      db.transaction(async (tx) => {
        await insert(tx, 3);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await count()).toBe(before);
  });

  it('says which unique index was broken', async () => {
    const failure: unknown = await insert(db, 1).catch((error: unknown) => error);
    expect([isUniqueViolation(failure, 'probe_key'), isUniqueViolation(failure, 'another')]).toEqual([true, false]);
  });

  it('reads bigints as numbers', async () => {
    await db.query('update probe set counter = 4611686018427 where id = 1');
    expect(await db.query('select counter from probe where id = 1')).toEqual([{ counter: 4_611_686_018_427 }]);
  });

  it('says UNAVAILABLE when Postgres ends its connections, and works again at the next request', async () => {
    const doomed = db.transaction(async (tx) => {
      const [me] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await db.query('select pg_terminate_backend($1)', [me!.pid]);
      await tx.query('select 1 as still_there');
    });
    await expect(doomed).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await db.ping();
  });

  it('keeps the connections that it has opened, and the plans on them, while nothing happens', async () => {
    jest.useFakeTimers({ now: Date.now(), doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const busy = new Database({ url: database.url });
    try {
      await Promise.all(Array.from({ length: 5 }, () => busy.query('select pg_sleep(0.1)')));
      await jest.advanceTimersByTimeAsync(3_600_000);
      expect([busy.pool.totalCount, busy.pool.idleCount]).toEqual([5, 5]);
    } finally {
      jest.useRealTimers();
      await busy.close();
    }
  });

  it('says UNAVAILABLE when there is no Postgres', async () => {
    const nowhere = new Database({ url: 'postgres://nobody@127.0.0.1:9/nothing' });
    await expect(nowhere.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(nowhere.transaction(async () => undefined)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await nowhere.close();
  });

  it('makes ids that sort by their time', async () => {
    const ids = Array.from({ length: 1_000 }, newId);
    expect([...ids].sort()).toEqual(ids);
  });
});
