import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childProcess } from './child.mjs';
import { root, writePrivate } from './files.mjs';
import { homeOf, query } from './postgres.mjs';
import { isAtLeast } from './programs.mjs';

const shipped = join(root, 'tools/docker/pgbouncer/pgbouncer.ini');
/** Before this version names of statements mean nothing behind it, and the line about them is an error. */
const knowsNames = [1, 21];

/**
 * A PgBouncer with the settings that are shipped, in front of a Postgres: any database of it by `urlOf`.
 * @param {{ dataDir: string, program: { path: string, version: string }, port: number, adminUrl: string, passwords: Record<string, string>, poolSize?: number, log?: (line: string) => void }} options
 */
export async function pgBouncer({ dataDir, program, port, adminUrl, passwords, poolSize = 6, log = () => undefined }) {
  const { account, home } = homeOf(dataDir, log);
  const folder = join(home, 'pgbouncer');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { hostname, port: serverPort, username, password } = new URL(adminUrl);
  const files = {
    'pgbouncer.ini': settingsFor(program.version, { folder, port, username }),
    'databases.ini': `[databases]\n* = host=${hostname} port=${serverPort} pool_size=${poolSize}\n`,
    'userlist.txt': Object.entries({ ...passwords, [username]: password })
      .map(([user, secret]) => `"${user}" "${secret}"\n`)
      .join(''),
  };
  for (const [name, content] of Object.entries(files)) writePrivate(join(folder, name), content);
  if (account)
    for (const name of ['', ...Object.keys(files)]) chownSync(join(folder, name), account.ids.uid, account.ids.gid);
  const urlOf = (url) => Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href;
  const child = childProcess({
    name: 'pgbouncer',
    dataDir,
    stopSignal: 'SIGTERM',
    launch: () => ({
      command: program.path,
      args: [join(folder, 'pgbouncer.ini')],
      cwd: folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      ...account?.ids,
    }),
    ready: () => query(urlOf(adminUrl), 'select 1'),
  });
  await child.start();
  return Object.assign(child, { urlOf, hasNamedStatements: isAtLeast(program.version, knowsNames) });
}

function settingsFor(version, { folder, port, username }) {
  const lines = readFileSync(shipped, 'utf8')
    .replaceAll('/etc/pgbouncer', folder)
    .replace(/^listen_port = .*$/m, `listen_port = ${port}`)
    .split('\n')
    .filter((line) => isAtLeast(version, knowsNames) || !line.startsWith('max_prepared_statements'));
  return [...lines, `stats_users = ${username}`, ''].join('\n');
}
