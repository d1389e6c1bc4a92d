import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { databaseServices as services, ownerOf } from '../../../tools/permissions/postgres-roles.mjs';
import { serviceUrl } from '../../../tools/stack/migrate.mjs';
import { query } from '../../../tools/stack/postgres.mjs';
import { findProgram } from '../../../tools/stack/programs.mjs';
import { startStores, type Stores } from '../src/credentials/stores.js';

/** What somebody could try in a database with the credentials of its service. */
const forbidden = [
  'create table mine (a int)',
  'create temporary table mine (a int)',
  'create schema mine',
  'create function mine() returns int language sql as $$ select 1 $$',
  'create extension hstore',
  'alter table outbox add column mine int',
  'alter table outbox disable trigger all',
  'drop table outbox',
  'truncate outbox',
  'create index on outbox (id)',
  'select * from schema_migrations',
  'delete from schema_migrations',
  "copy outbox to program 'cat'",
  "select pg_read_file('PG_VERSION')",
  'create role mine',
  'create database mine',
  'select passwd from pg_shadow',
];

/** Postgres itself writes the columns that are generated from others. */
const WRITABLE = `
  select string_agg(quote_ident(column_name), ', ') as list from information_schema.columns
  where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`;

describe.each(services)('With the Postgres credentials of %s', (service) => {
  let stores: Stores;
  let url: string;

  beforeAll(async () => {
    stores = await shared();
    url = stores.databases[service]!;
  }, 60_000);

  it('one reads and writes the rows of every table of the service', async () => {
    const tables = await query<{ name: string }>(
      url,
      "select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'",
    );
    expect(tables.length).toBeGreaterThan(3);
    for (const { name } of tables) {
      await query(url, `select * from ${name}`);
      await query(url, `delete from ${name} where false`);
      const columns = await query<{ list: string }>(url, WRITABLE, [name]);
      const { list } = columns[0]!;
      await query(url, `insert into ${name} (${list}) overriding system value select ${list} from ${name} where false`);
    }
  });

  it('one has no plan compiled and waits for no parallel worker, which takes longer than the statement', async () => {
    const settings = await query(
      url,
      `select current_setting('jit') as jit, current_setting('max_parallel_workers_per_gather') as workers`,
    );
    expect(settings).toEqual([{ jit: 'off', workers: '0' }]);
  });

  it('one has every statement and every open transaction bounded', async () => {
    const settings = await query(
      url,
      `select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle`,
    );
    expect(settings).toEqual([{ statement: '5s', idle: '15s' }]);
  });

  it('one keeps the plans of statements where all of them are written for that', async () => {
    const [setting] = await query<{ mode: string }>(url, `select current_setting('plan_cache_mode') as mode`);
    expect(setting!.mode).toBe(['user', 'post'].includes(service) ? 'force_generic_plan' : 'auto');
  });

  it('one owns nothing', async () => {
    const owned = await query(
      url,
      `select relname from pg_class where relowner = current_user::regrole
       union all select datname from pg_database where datdba = current_user::regrole
       union all select nspname from pg_namespace where nspowner = current_user::regrole
       union all select proname from pg_proc where proowner = current_user::regrole`,
    );
    expect(owned).toEqual([]);
  });

  it.each(forbidden)('one may not: %s', async (statement) => {
    await expect(query(url, statement)).rejects.toThrow(/permission denied|must be (owner|superuser)/);
  });

  it('one becomes no other role and enters no other database', async () => {
    for (const role of [`fowergram_${ownerOf(service)}`, 'fowergram_admin'])
      await expect(query(url, `set role ${role}`)).rejects.toThrow(/permission denied/);
    for (const other of services.filter((name) => name !== service)) {
      const trespass = Object.assign(new URL(url), { pathname: `/fowergram_${other}` });
      await expect(query(trespass.href, 'select 1')).rejects.toThrow(/permission denied/);
    }
  });

  it('one is not the owner of the tables, who enters this database alone', async () => {
    const { passwords, postgres } = stores.stack;
    const owner = ownerOf(service);
    expect(await query(serviceUrl(postgres.url, service, passwords[owner]!, owner), 'select 1 as one')).toEqual([
      { one: 1 },
    ]);
    const other = services.find((name) => name !== service)!;
    const trespass = serviceUrl(postgres.url, other, passwords[owner]!, owner);
    await expect(query(trespass, 'select 1')).rejects.toThrow(/permission denied/);
  });
});

describe('The script that compose and Kubernetes run', () => {
  const psql = join(dirname(findProgram('postgres').path ?? ''), 'psql');
  const grants = `select relname, relacl::text[] from pg_class where relnamespace = 'public'::regnamespace order by 1`;

  (existsSync(psql) ? it : it.skip)('gives what the private stack gives, and may be run again', async () => {
    const { stack, databases } = await shared();
    const before = await query(databases['post']!, grants);
    const { hostname, port, username, password } = new URL(stack.postgres.url);
    const passwords = Object.entries(stack.passwords).map(([user, value]) => [
      `${user.replace(/_owner$/, '').toUpperCase()}_DATABASE_${user.endsWith('_owner') ? 'OWNER_' : ''}PASSWORD`,
      value,
    ]);
    const { status, stderr } = spawnSync('bash', ['tools/docker/postgres/create-databases.sh'], {
      encoding: 'utf8',
      env: {
        PATH: `${dirname(psql)}:${process.env.PATH}`,
        PGHOST: hostname,
        PGPORT: port,
        PGPASSWORD: password,
        POSTGRES_USER: username,
        ...Object.fromEntries(passwords),
      },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(await query(databases['post']!, grants)).toEqual(before);
  });
});

let stores: Promise<Stores> | undefined;
const shared = (): Promise<Stores> => (stores ??= startStores());
afterAll(async () => (await stores)?.stop());
