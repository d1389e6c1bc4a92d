import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { databases } from './credentials.mjs';
import { printFailure, StackError } from './errors.mjs';
import { root } from './files.mjs';

/** Where the migrations of a database are; the auth core keeps its own beside its code. */
export const migrationsOf = (name) => join(root, 'prisma', name, 'migrations');

/**
 * Makes sure that every service has its own role and database, closed to the others, with every migration applied.
 * @param {{ adminUrl: string, passwords: Record<string, string>, names?: string[] }} options
 * @returns {Promise<Record<string, string>>} the address of each database, as its owner
 */
export async function migrate({ adminUrl, passwords, names = databases }) {
  await ensureDatabases({ adminUrl, passwords, names });
  const urls = Object.fromEntries(names.map((name) => [name, ownerUrl(adminUrl, name, passwords[name])]));
  await Promise.all(names.filter(hasMigrations).map((name) => dbmate(['up'], { url: urls[name], name })));
  return urls;
}

/** Roles and databases only: what the auth core needs before it starts. */
export async function ensureDatabases({ adminUrl, passwords, names }) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (const name of names) await ensureDatabase(client, `fowergram_${name}`, passwords[name]);
  } finally {
    await client.end();
  }
}

export function ownerUrl(adminUrl, name, password) {
  const url = new URL(adminUrl);
  url.username = `fowergram_${name}`;
  url.password = password;
  url.pathname = `/fowergram_${name}`;
  return url.href;
}

async function ensureDatabase(client, name, password) {
  const {
    rows: [role],
  } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  // @NOTE Utility statements take no parameters; the names are ours and the password is quoted by the driver.
  const quoted = client.escapeLiteral(password);
  await client.query(
    `${role ? 'alter' : 'create'} role ${name} login nosuperuser nocreatedb nocreaterole password ${quoted}`,
  );
  const {
    rows: [database],
  } = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (!database) {
    await client.query(`grant ${name} to current_user`);
    await client.query(`create database ${name} owner ${name}`);
  }
  // Said on every start: a kill right after the line above must not leave a database that everybody may enter.
  await client.query(`revoke connect, temporary on database ${name} from public`);
}

function hasMigrations(name) {
  return existsSync(migrationsOf(name)) && readdirSync(migrationsOf(name)).some((file) => file.endsWith('.sql'));
}

async function dbmate(args, { url, name }) {
  const { resolveBinary } = await import('dbmate');
  const address = new URL(url);
  if (!address.searchParams.has('sslmode')) address.searchParams.set('sslmode', 'disable');
  const { code, said } = await run(
    resolveBinary(),
    ['--no-dump-schema', '--migrations-dir', migrationsOf(name), ...args],
    { PATH: process.env.PATH, DATABASE_URL: address.href },
  );
  if (code !== 0)
    throw new StackError(
      `The migrations of ${name} failed:\n${said.trim()}`,
      `The files are in ${migrationsOf(name)}.`,
    );
  return said;
}

function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said }));
  });
}

async function main([direction = 'up', only]) {
  const { currentStack } = await import('./current.mjs');
  if (!['up', 'down', 'status'].includes(direction))
    throw new StackError(
      `"${direction}" is not something to do with migrations.`,
      'Use: npm run migrate -- up [service] | down <service> | status [service]',
    );
  if (direction === 'down' && !only)
    throw new StackError('Which service shall go one migration down?', 'Use: npm run migrate -- down <service>');
  if (only && !databases.includes(only))
    throw new StackError(`There is no service "${only}" with a database.`, `Known: ${databases.join(', ')}`);
  const { adminUrl, passwords } = currentStack();
  const names = (only ? [only] : databases).filter(hasMigrations);
  await ensureDatabases({ adminUrl, passwords, names });
  for (const name of names) {
    console.log(`${name}:`);
    console.log(
      (await dbmate([direction], { url: ownerUrl(adminUrl, name, passwords[name]), name })).trim() || 'nothing to do',
    );
  }
}

if (process.argv[1] === import.meta.filename) {
  main(process.argv.slice(2)).catch((error) => {
    printFailure(error);
    process.exitCode = 1;
  });
}
