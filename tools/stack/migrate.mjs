import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabase, grantStatements, ownerOf, roleOf, roleStatements } from '../permissions/postgres-roles.mjs';
import { databases } from './credentials.mjs';
import { printFailure, StackError } from './errors.mjs';
import { root } from './files.mjs';
import { known } from './programs.mjs';

/** Where the migrations of a database are; the auth core keeps its own beside its code. */
export const migrationsOf = (name) => join(root, 'prisma', name, 'migrations');

/**
 * Makes sure that every service has its own role and database, closed to the others, with every migration applied by its owner.
 * @param {{ adminUrl: string, passwords: Record<string, string>, names?: string[] }} options
 * @returns {Promise<Record<string, string>>} the address of each database, for its service
 */
export async function migrate({ adminUrl, passwords, names = databases }) {
  await ensureDatabases({ adminUrl, passwords, names });
  const urls = Object.fromEntries(names.map((name) => [name, serviceUrl(adminUrl, name, passwords[name])]));
  await Promise.all(
    names.filter(hasMigrations).map((name) => dbmate(['up'], { url: migrationUrl(adminUrl, name, passwords), name })),
  );
  return urls;
}

/** Roles and databases only: what the auth core needs before it starts. */
export async function ensureDatabases({ adminUrl, passwords, names }) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (const name of names) await ensureDatabase(client, { adminUrl, name, passwords });
  } finally {
    await client.end();
  }
}

/** Where a role enters its database: a service its own, an owner that of its service. */
export function serviceUrl(adminUrl, name, password, user = name) {
  const url = new URL(adminUrl);
  url.username = roleOf(user);
  url.password = password;
  url.pathname = `/${roleOf(name)}`;
  return url.href;
}

const migrationUrl = (adminUrl, name, passwords) => serviceUrl(adminUrl, name, passwords[ownerOf(name)], ownerOf(name));

async function ensureDatabase(client, { adminUrl, name, passwords }) {
  // @NOTE Utility statements take no parameters; the names are ours and the password is quoted by the driver.
  const literal = (user) => client.escapeLiteral(passwords[user]);
  for (const statement of roleStatements(name, literal)) await client.query(statement);
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [roleOf(name)]);
  if (!rowCount) await client.query(createDatabase(name));
  await grant(adminUrl, name);
}

// Said on every start: a kill in between must not leave a database that everybody may enter.
async function grant(adminUrl, name) {
  const { default: pg } = await import('pg');
  const url = new URL(adminUrl);
  url.pathname = `/${roleOf(name)}`;
  const inside = new pg.Client({ connectionString: url.href });
  await inside.connect();
  try {
    for (const statement of grantStatements(name)) await inside.query(statement);
  } finally {
    await inside.end();
  }
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

const usage =
  'Use: npm run migrate -- up [service] | down <service> [--dump <folder>] [--yes] [--in-production] | status [service]';

function readArguments(args, downOptions) {
  try {
    return parseArgs({ args, allowPositionals: true, options: downOptions });
  } catch (error) {
    throw new StackError(error.message, usage);
  }
}

async function main(args) {
  const { currentStack } = await import('./current.mjs');
  const down = await import('../docker/down.mjs');
  const { positionals, values } = readArguments(args, down.downOptions);
  const [direction = 'up', only, ...more] = positionals;
  if (!['up', 'down', 'status'].includes(direction) || more.length > 0)
    throw new StackError(`"${[direction, ...more].join(' ')}" is not something to do with migrations.`, usage);
  if (direction === 'down' && !only)
    throw new StackError('Which service shall go one migration down?', 'Use: npm run migrate -- down <service>');
  if (only && !databases.includes(only))
    throw new StackError(`There is no service "${only}" with a database.`, `Known: ${databases.join(', ')}`);
  const { adminUrl, passwords } = currentStack();
  const names = (only ? [only] : databases).filter(hasMigrations);
  await ensureDatabases({ adminUrl, passwords, names });
  for (const name of names) {
    const url = migrationUrl(adminUrl, name, passwords);
    if (direction === 'down') await agreeToDown(down, { name, url, values });
    console.log(`${name}:`);
    console.log((await dbmate([direction], { url, name })).trim() || 'nothing to do');
  }
}

/** Beside a developer's stack there is a folder for dumps; Postgres keeps its programs off the PATH. */
async function agreeToDown({ askAtTerminal, DownRefused, isProduction, prepareDown }, { name, url, values }) {
  const options = { ...values, dump: values.dump ?? join(root, '.data/dumps') };
  const path = [process.env.PATH, ...known.postgres.folders()].filter(Boolean).join(delimiter);
  try {
    const production = isProduction(process.env);
    await prepareDown({
      service: name,
      url,
      migrations: migrationsOf(name),
      options,
      production,
      ask: askAtTerminal,
      path,
    });
  } catch (error) {
    throw error instanceof DownRefused ? new StackError(error.message) : error;
  }
}

if (process.argv[1] === import.meta.filename) {
  main(process.argv.slice(2)).catch((error) => {
    printFailure(error);
    process.exitCode = 1;
  });
}
