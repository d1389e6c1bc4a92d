// One migration back, with a question before it and a dump of what it loses: in a container by migrate.mjs, on a developer's stack by
// tools/stack/migrate.mjs.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { lossOf, MOST_COUNTED } from './loss.mjs';

export const downOptions = {
  yes: { type: 'boolean', default: false },
  'in-production': { type: 'boolean', default: false },
  dump: { type: 'string' },
};

/** Why a migration is not taken back. */
export class DownRefused extends Error {}

/** An image is taken for production unless its environment says that it is not. */
export const isProduction = (env) => (env.ENVIRONMENT ?? env.NODE_ENV) === 'production';

/**
 * Says what the newest migration takes with it, asks, and dumps the tables whose rows it loses. Throws where it must not be taken back.
 * @returns {Promise<boolean>} whether there is a migration to take back
 */
export async function prepareDown({ service, url, migrations, options, production, ask, say = console.log, path }) {
  const found = await lossOf({ url, migrations });
  if (!found) return false;
  const { file, losses } = found;
  say(`${file} would be taken back from ${service}. It takes with it:`);
  for (const line of losses.length > 0 ? losses.map(lineOf) : ['nothing that is stored']) say(`  ${line}`);
  if (production && !options['in-production'])
    throw new DownRefused('This is production. Say --in-production if it is meant.');
  const lost = [...new Set(losses.filter(({ rows }) => rows > 0).map(({ table }) => table))];
  if (lost.length > 0 && !options.dump)
    throw new DownRefused('Rows would be lost. Name a folder that stays, where they are dumped first: --dump <folder>');
  if (!options.yes && (await ask(`Type "${service}" to take it back: `)) !== service)
    throw new DownRefused('Nothing was changed.');
  if (lost.length > 0) say(`dumped to ${await dump({ service, url, file, tables: lost, folder: options.dump, path })}`);
  return true;
}

/** A question at the terminal; where there is nobody to ask, the answer is no. */
export async function askAtTerminal(question) {
  if (!process.stdin.isTTY)
    throw new DownRefused('Nobody is there to be asked. Say --yes if what stands above is meant.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}

function lineOf({ what, table, column, rows }) {
  const many = rows > MOST_COUNTED ? `more than ${MOST_COUNTED.toLocaleString('en')}` : rows.toLocaleString('en');
  return `${what} ${column ? `${table}.${column}` : table}: ${many} ${rows === 1 ? 'row' : 'rows'}`;
}

const END = '-- PostgreSQL database dump complete';

/** Writes whole tables into a file that only its owner reads; half a dump never has the name of a whole one. */
async function dump({ service, url, file, tables, folder, path = process.env.PATH }) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const target = join(
    folder,
    `${service}-${file.replace(/\.sql$/, '')}-${new Date().toISOString().replaceAll(':', '')}.sql`,
  );
  const half = `${target}.half`;
  const out = openSync(half, 'wx', 0o600);
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  // The list of processes shows arguments to everybody.
  address.password = '';
  const args = ['--no-owner', '--no-privileges', ...tables.map((table) => `--table=public."${table}"`)];
  try {
    await run('pg_dump', [...args, `--dbname=${address.href}`], out, { PATH: path, PGPASSWORD: password });
    if (!endsWith(half, END)) throw new DownRefused(`${half} has no end; nothing was changed.`);
    renameSync(half, target);
    return target;
  } catch (error) {
    rmSync(half, { force: true });
    throw error;
  } finally {
    closeSync(out);
  }
}

function endsWith(file, text) {
  const size = Math.min(256, statSync(file).size);
  const buffer = Buffer.alloc(size);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, buffer, 0, size, statSync(file).size - size);
  closeSync(descriptor);
  return buffer.toString('utf8').includes(text);
}

function run(program, args, out, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', out, 'pipe'], env });
    let said = '';
    child.stderr.on('data', (chunk) => (said += chunk));
    child.once('error', ({ message }) => reject(new DownRefused(`The dump failed, nothing was changed: ${message}`)));
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new DownRefused(`The dump failed, nothing was changed: ${said.trim()}`)),
    );
  });
}
