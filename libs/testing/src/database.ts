import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { testVariable } from './test-env.js';

const run = promisify(execFile);

/** What a service's role has everywhere else (tools/permissions/postgres-roles.mjs): here all are the administrator. */
const LIMITS = ["statement_timeout = '5s'", "idle_in_transaction_session_timeout = '15s'"];

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/**
 * Makes an empty, migrated database for one test file: a copy of a template that the first file of a run builds with dbmate. On the server
 * of the run, unless another one is named.
 */
export async function createDatabase(
  service: 'user' | 'post' | 'media' | 'notification',
  server = testVariable('TEST_DATABASE_URL'),
): Promise<TestDatabase> {
  const migrations = join(process.cwd(), 'prisma', service, 'migrations');
  const name = `test_${service}_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, async (admin) => {
    // The lock lets one file build the template while the others wait; it also keeps two copies from being made at once.
    await admin.query('select pg_advisory_lock(4711)');
    const template = await ensureTemplate(admin, server, service, migrations);
    await admin.query(`create database ${name} template ${template}`);
    for (const limit of LIMITS) await admin.query(`alter database ${name} set ${limit}`);
  });
  return {
    url: urlOf(server, name),
    drop: () =>
      asAdmin(server, async (admin) => void (await admin.query(`drop database if exists ${name} with (force)`))),
  };
}

async function ensureTemplate(admin: pg.Client, server: string, service: string, migrations: string): Promise<string> {
  const hash = createHash('sha1');
  for (const file of readdirSync(migrations).sort()) hash.update(readFileSync(join(migrations, file)));
  const template = `template_${service}_${hash.digest('hex').slice(0, 12)}`;
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [template]);
  if (rowCount) return template;
  await admin.query(`create database ${template}`);
  try {
    await run(process.execPath, [
      join('node_modules', 'dbmate', 'dist', 'cli.js'),
      '--url',
      `${urlOf(server, template)}?sslmode=disable`,
      '--migrations-dir',
      migrations,
      '--no-dump-schema',
      'up',
    ]);
  } catch (error) {
    await admin.query(`drop database ${template} with (force)`);
    throw error;
  }
  return template;
}

async function asAdmin(server: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
