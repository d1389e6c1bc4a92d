import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { createDatabase, type TestDatabase } from '@fowergram/testing';
import { root } from '../files.mjs';
import { known } from '../programs.mjs';
import { temporaryFolder } from './folder.js';

const run = promisify(execFile);
const folder = temporaryFolder();
const USER = '019ad000-0000-7000-8000-000000000001';
/** The migration that is taken back: it has an audit. */
const SERVICE_ACCOUNTS = '20261129110000';
let database: TestDatabase;
let db: pg.Client;

beforeEach(async () => {
  database = await createDatabase('user');
  db = new pg.Client({ connectionString: database.url });
  await db.connect();
  // What came later is empty here, and goes without a dump.
  while ((await applied()) > SERVICE_ACCOUNTS) await migrate(['down', '--yes']);
});

afterEach(async () => {
  await db.end();
  await database.drop();
});

interface Answer {
  code: number;
  said: string;
}

/** The command of the image, beside the test's database. */
async function migrate(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  const path = [process.env.PATH, ...known.postgres!.folders()].join(':');
  try {
    const { stdout, stderr } = await run(process.execPath, [join(root, 'tools/docker/migrate.mjs'), ...args], {
      env: { PATH: path, SERVICE: 'user', ENVIRONMENT: 'development', DATABASE_URL: database.url, ...env },
    });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}

async function applied(): Promise<string> {
  const { rows } = await db.query<{ version: string }>('select max(version) as version from schema_migrations');
  return rows[0]!.version;
}

async function act(): Promise<void> {
  await db.query("insert into service_account (id, name, scopes) values ($1, 'shop', '{}')", [USER]);
  await db.query(
    "insert into service_account_action (id, administrator_id, account_id, account_name, action, reason) values ($1, $1, $1, 'shop', 'CREATE', '')",
    [USER],
  );
}

describe('migrate down', () => {
  it('shows what it would lose and does nothing where nobody answers its question', async () => {
    await act();
    const before = await applied();
    const { code, said } = await migrate(['down', '--dump', join(folder, 'unasked')]);
    expect(code).toBe(1);
    expect(said).toMatch(/table service_account_action: 1 row\n/);
    expect(said).toMatch(/Nobody is there to be asked/);
    expect(await applied()).toBe(before);
  });

  it('is refused in production, and by an image that does not know where it runs, without a word for that', async () => {
    const before = await applied();
    for (const env of [{ ENVIRONMENT: 'production' }, { ENVIRONMENT: undefined, NODE_ENV: 'production' }])
      expect(await migrate(['down', '--yes'], env)).toMatchObject({
        code: 1,
        said: expect.stringMatching(/--in-production/) as string,
      });
    expect(await applied()).toBe(before);
  });

  it('loses rows only when they are in a dump, from which they come back', async () => {
    await act();
    const before = await applied();
    expect((await migrate(['down', '--yes'])).said).toMatch(/--dump <folder>/);
    expect(await applied()).toBe(before);
    const dumps = join(folder, 'dumps');
    expect(await migrate(['down', '--yes', '--dump', dumps])).toMatchObject({ code: 0 });
    expect(await applied()).not.toBe(before);
    const [file, ...more] = readdirSync(dumps);
    expect(more).toEqual([]);
    await run('psql', ['--quiet', '--set=ON_ERROR_STOP=1', `--file=${join(dumps, file!)}`, database.url]);
    const { rows } = await db.query('select action from public.service_account_action');
    expect(rows).toEqual([{ action: 'CREATE' }]);
  });

  it('is refused when the dump fails, and leaves no half of one', async () => {
    await act();
    const before = await applied();
    const programs = join(folder, 'programs');
    mkdirSync(programs);
    writeFileSync(join(programs, 'pg_dump'), '#!/bin/sh\necho half; exit 1\n', { mode: 0o755 });
    const dumps = join(folder, 'failed');
    for (const PATH of [`${programs}:/bin`, '/nowhere'])
      expect(await migrate(['down', '--yes', '--dump', dumps], { PATH })).toMatchObject({
        code: 1,
        said: expect.stringMatching(/The dump failed, nothing was changed/) as string,
      });
    expect(readdirSync(dumps)).toEqual([]);
    expect(await applied()).toBe(before);
  });

  it('needs no dump where nothing that is stored goes', async () => {
    const before = await applied();
    expect(await migrate(['down', '--yes'])).toMatchObject({ code: 0 });
    expect(await applied()).not.toBe(before);
  });
});

describe('the loss of a migration', () => {
  it('counts dropped tables, columns, types, deleted and changed rows, and changes nothing', async () => {
    const { lossOf } = await import(join(root, 'tools/docker/loss.mjs'));
    await db.query("insert into second_factor (user_id, secret) values ($1, '\\x00')", [USER]);
    await act();
    const migrations = join(folder, 'migrations');
    mkdirSync(migrations);
    const down = `
      drop table second_factor cascade;
      alter table service_account drop column name;
      alter table service_account alter column created_at type text;
      update service_account_action set action = 'CLOSE';
      delete from service_account_action;
      drop index concurrently if exists nowhere;`;
    writeFileSync(join(migrations, '29990101000000_last.sql'), `-- migrate:up\n\n-- migrate:down\n${down}\n`);
    await db.query("insert into schema_migrations (version) values ('29990101000000')");
    const found = await lossOf({ url: database.url, migrations });
    expect(found?.file).toBe('29990101000000_last.sql');
    expect(found?.losses).toEqual(
      expect.arrayContaining([
        { what: 'table', table: 'second_factor', rows: 1 },
        { what: 'column', table: 'service_account', column: 'name', rows: 1 },
        { what: 'type of', table: 'service_account', column: 'created_at', rows: 1 },
        { what: 'rows of', table: 'service_account_action', rows: 1 },
        { what: 'values of', table: 'service_account_action', rows: 1 },
      ]),
    );
    const { rows } = await db.query('select action from service_account_action');
    expect(rows).toEqual([{ action: 'CREATE' }]);
  });
});
