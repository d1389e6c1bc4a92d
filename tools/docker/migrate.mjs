// Brings the database of this container's service up to date, as its owner, at DATABASE_URL. `down` takes the newest
// migration back, after a question and a dump of what it loses; `status` lists them. The database itself must exist.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveBinary } from 'dbmate';
import { askAtTerminal, downOptions, DownRefused, isProduction, prepareDown } from './down.mjs';
import { service } from './service.mjs';

const usage = `usage: SERVICE=<service> DATABASE_URL=<address> node tools/docker/migrate.mjs [up | down | status]
  down [--dump <folder>] [--yes] [--in-production]`;
const commands = { up: ['--wait', 'migrate'], down: ['rollback'], status: ['status'] };

function leave(message, code) {
  console.error(message);
  process.exit(code);
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: downOptions });
  } catch (error) {
    return leave(`${error.message}\n${usage}`, 64);
  }
}

const { positionals, values: options } = readArguments();
const [name = 'up'] = positionals;
const command = commands[name];
if (!command || positionals.length > 1 || !process.env.DATABASE_URL) leave(usage, 64);

const address = new URL(process.env.DATABASE_URL);
// Without a word on it, dbmate insists on TLS and the services do not.
if (!address.searchParams.has('sslmode')) address.searchParams.set('sslmode', 'disable');
const migrations = join(import.meta.dirname, '../../prisma', service, 'migrations');

if (name === 'down') {
  try {
    const production = isProduction(process.env);
    await prepareDown({ service, url: address.href, migrations, options, production, ask: askAtTerminal });
  } catch (error) {
    if (!(error instanceof DownRefused)) throw error;
    leave(error.message, 1);
  }
}

const child = spawn(resolveBinary(), ['--no-dump-schema', '--migrations-dir', migrations, ...command], {
  stdio: 'inherit',
  env: { ...process.env, DATABASE_URL: address.href },
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once('close', (code) => process.exit(code ?? 1));
