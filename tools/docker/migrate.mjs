// Brings the database of this container's service up to date, as its owner, at DATABASE_URL. `down` takes the newest
// migration back, `status` lists them. The database itself must exist.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { resolveBinary } from 'dbmate';
import { service } from './service.mjs';

const commands = { up: ['--wait', 'migrate'], down: ['rollback'], status: ['status'] };
const command = commands[process.argv[2] ?? 'up'];

if (!command || !process.env.DATABASE_URL) {
  console.error('usage: SERVICE=<service> DATABASE_URL=<address> node tools/docker/migrate.mjs [up | down | status]');
  process.exit(64);
}

const address = new URL(process.env.DATABASE_URL);
// Without a word on it, dbmate insists on TLS and the services do not.
if (!address.searchParams.has('sslmode')) address.searchParams.set('sslmode', 'disable');

const migrations = join(import.meta.dirname, '../../prisma', service, 'migrations');
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
