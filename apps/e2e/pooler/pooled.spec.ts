import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, newId } from '@fowergram/database';
import {
  createDatabase,
  eventually,
  freePort,
  storm,
  TcpProxy,
  type TestDatabase,
  testVariable,
} from '@fowergram/testing';
import { type PgBouncer, pgBouncer } from '../../../tools/stack/pgbouncer.mjs';
import { query, removeData } from '../../../tools/stack/postgres.mjs';
import { findProgram } from '../../../tools/stack/programs.mjs';
import { LocksRepository } from '../../media/src/locks/locks.repository.js';

const WORKERS = 12;
const STATEMENTS = 300;
/** Fewer than there are workers, so that each of them is given other connections all the time. */
const POOL_SIZE = 3;

describe('Behind a PgBouncer that lends a connection for one transaction', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'fowergram-pooler-'));
  const line = new TcpProxy();
  let database: TestDatabase;
  let pooler: PgBouncer;
  const opened: Database[] = [];

  beforeAll(async () => {
    database = await createDatabase('media');
    pooler = await pgBouncer({
      dataDir,
      program: findProgram('pgbouncer'),
      port: await freePort(),
      adminUrl: await line.to(testVariable('TEST_DATABASE_URL')),
      passwords: {},
      poolSize: POOL_SIZE,
    });
  }, 30_000);

  afterAll(async () => {
    await Promise.all(opened.map((db) => db.close()));
    await pooler?.stop();
    await line.cut();
    await database?.drop();
    removeData(dataDir);
  });

  const open = (hasNamedStatements = false): Database => {
    const db = new Database({ url: pooler.urlOf(database.url), hasNamedStatements });
    opened.push(db);
    return db;
  };
  const work = (db: Database) =>
    storm(WORKERS, Array.from({ length: STATEMENTS }, (_, index) => index).values(), async (index) => {
      const kinds = index % 40;
      expect(await db.query(`select $1::int + ${kinds} as sum`, [index])).toEqual([{ sum: index + kinds }]);
      await db.transaction(async (tx) => {
        await tx.query('insert into erased_owner (owner_id) values ($1)', [newId()]);
        await tx.query(`select ${kinds} as kind`);
      });
    });

  it('a service runs without names of statements', async () => {
    const before = await rowsOf(database);
    await work(open());
    expect(await rowsOf(database)).toBe(before + STATEMENTS);
  });

  it('a service runs with them where PgBouncer is 1.21 or newer, and fails where it is not', async () => {
    const run = work(open(true));
    if (pooler.hasNamedStatements) await run;
    else await expect(run).rejects.toMatchObject({ code: expect.stringMatching(/^(26000|42P05|08P01)$/) });
  });

  it('every statement and every open transaction of a service is bounded', async () => {
    const settings = `select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle`;
    expect(await open().query(settings)).toEqual([{ statement: '5s', idle: '15s' }]);
  });

  it('a lock across the object store has one holder at a time, and none when its work is done', async () => {
    const replicas = [new LocksRepository(open()), new LocksRepository(open())];
    const other = open();
    let [inside, done, refused] = [0, 0, 0];
    await storm(WORKERS, Array.from({ length: 60 }, (_, index) => index).values(), async (index) => {
      const isDone = await replicas[index % 2]!.holding('media:orphans', 'alone', async () => {
        expect(++inside).toBe(1);
        for (let count = 0; count < 3; count++) await other.query('select 1');
        inside--;
      });
      if (isDone) done++;
      else refused++;
    });
    expect([done > 0, refused > 0, done + refused]).toEqual([true, true, 60]);
    const locks = `select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
    expect(await query(database.url, locks)).toEqual([]);
  });

  it('a lock that its connection has lost ends its work with an error', async () => {
    const locks = new LocksRepository(open());
    const isHeld = locks.holding('media:orphans', 'alone', async () => {
      await query(
        database.url,
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
      );
    });
    await expect(isHeld).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('a service says UNAVAILABLE in seconds while Postgres is away, and works when it is back', async () => {
    const db = open();
    await db.ping();
    await line.cut();
    const startedAt = Date.now();
    await expect(db.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(db.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(Date.now() - startedAt).toBeLessThan(15_000);
    await line.restore();
    await eventually(() => db.ping(), 15_000);
  }, 60_000);
});

const rowsOf = async ({ url }: TestDatabase): Promise<number> =>
  (await query<{ n: number }>(url, 'select count(*)::int as n from erased_owner'))[0]!.n;
