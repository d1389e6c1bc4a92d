import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { childProcess } from './child.mjs';
import { StackError } from './errors.mjs';

const admin = 'fowergram_admin';

/**
 * A private Postgres: own data, own port, loopback only, password from our credentials.
 * @param {{ dataDir: string, program: { path: string, version: string }, port: number, password: string, durable: boolean, log: (line: string) => void }} options
 */
export async function postgresServer({ dataDir, program, port, password, durable, log }) {
  const { account, home } = homeOf(dataDir, log);
  const folder = join(home, 'data');
  await prepareData({
    folder,
    bin: dirname(realpathSync(program.path)),
    account,
    password,
    version: program.version,
    log,
  });
  const url = `postgresql://${admin}:${password}@127.0.0.1:${port}/postgres`;
  return run({ dataDir, program, port, durable, home, folder, account, url });
}

/**
 * A replica of a private Postgres, which follows it from now on.
 * @param {{ dataDir: string, program: { path: string, version: string }, port: number, primaryUrl: string, log: (line: string) => void }} options
 */
export async function postgresReplica({ dataDir, program, port, primaryUrl, log }) {
  const { account, home } = homeOf(dataDir, log);
  const folder = join(home, 'data');
  const copy = ['-d', primaryUrl, '-D', folder, '-R', '-X', 'stream', '-c', 'fast', '--no-sync'];
  const made = spawnSync(join(dirname(realpathSync(program.path)), 'pg_basebackup'), copy, {
    cwd: home,
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    encoding: 'utf8',
    ...account?.ids,
  });
  if (made.status !== 0)
    throw new StackError(`pg_basebackup failed: ${made.error?.message ?? made.stderr.trim()}`, `Into ${folder}.`);
  const url = Object.assign(new URL(primaryUrl), { port: String(port) }).href;
  return run({ dataDir, program, port, durable: false, home, folder, account, url });
}

async function run({ dataDir, program, port, durable, home, folder, account, url }) {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    log_min_messages: 'warning',
    timezone: 'UTC',
  };
  const child = childProcess({
    name: 'postgres',
    dataDir,
    stopSignal: 'SIGINT',
    // After kill -9 the backends of the old postmaster need a moment to go, and until then the new one refuses to start.
    startAttempts: 12,
    launch: () => ({
      command: realpathSync(program.path),
      args: ['-D', folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      cwd: folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      ...account?.ids,
    }),
    ready: () => checkPostgresIdentity(url, folder),
  });
  await child.start();
  return Object.assign(child, { url, home });
}

// SCRAM proves both sides: a server that does not hold our password cannot let us in, and the folder tells ours from a copy.
export async function checkPostgresIdentity(url, folder) {
  const answer = await query(url, 'select current_setting($1) as folder', ['data_directory']);
  if (answer[0].folder !== folder && answer[0].folder !== realpathSync(folder))
    throw new Error(`another Postgres answers there (its data: ${answer[0].folder})`);
}

/** One statement on a connection of its own. */
export async function query(url, text, values) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** A Postgres that the environment names: asked what it is, used, and never started or stopped by us. */
export async function checkForeignPostgres(url) {
  try {
    const [row] = await query(
      url,
      "select current_setting('server_version_num')::int as version, rolcreatedb and rolcreaterole or rolsuper as enough from pg_roles where rolname = current_user",
    );
    if (row.version < 150_000)
      throw new Error(`it is version ${Math.floor(row.version / 10_000)}, 15 or newer is needed`);
    if (!row.enough) throw new Error('its user may not create databases and roles');
  } catch (error) {
    throw new StackError(
      `The Postgres of DATABASE_URL cannot be used: ${error.message}.`,
      'Mend DATABASE_URL, or unset it to get a private Postgres.',
    );
  }
}

/** Who servers run as that refuse to be root, and a folder of the stack that is theirs. */
export function homeOf(dataDir, log) {
  const account = runAs(dataDir);
  return { account, home: chooseHome(dataDir, account, log) };
}

// Postgres refuses to run as root. Data that is there already belongs to whoever it ran as before.
function runAs(dataDir) {
  if (process.getuid?.() !== 0) return undefined;
  const data = [homeInside(dataDir), homeOutside(dataDir)]
    .map((home) => join(home, 'data'))
    .find((folder) => existsSync(folder));
  const owner = data && statSync(data);
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  if (owner?.uid)
    return {
      name: accounts.find(([, , uid]) => Number(uid) === owner.uid)?.[0] ?? String(owner.uid),
      ids: { uid: owner.uid, gid: owner.gid },
    };
  const [name, , uid, gid] =
    accounts.find(([user]) => user === 'postgres') ?? accounts.find(([user]) => user === 'nobody') ?? [];
  if (!name)
    throw new StackError(
      'Postgres may not run as root and this machine has no user "postgres" or "nobody".',
      'Run this as an ordinary user.',
    );
  return { name, ids: { uid: Number(uid), gid: Number(gid) } };
}

const homeInside = (dataDir) => join(dataDir, 'postgres');
const homeOutside = (dataDir) =>
  join('/var/tmp', `fowergram-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`);

/** Where the data of Postgres is: in the data folder, or outside the checkout when its user cannot get into the checkout. */
function chooseHome(dataDir, account, log) {
  const [inside, outside] = [homeInside(dataDir), homeOutside(dataDir)];
  mkdirSync(inside, { recursive: true });
  if (!account) return inside;
  handOver(inside, account);
  // Once the data is somewhere it is not looked for elsewhere, even if the way into the checkout has been opened since.
  if (!existsSync(join(outside, 'data')) && canEnter(inside, account)) return inside;
  if (existsSync(join(inside, 'data'))) {
    throw new StackError(
      `Postgres runs as the user "${account.name}", who cannot enter ${inside} any more.`,
      'Make that folder reachable for the user again (chmod o+x on the folders above it).',
    );
  }
  log(`the user "${account.name}" cannot enter ${inside}; Postgres keeps its data in ${outside}`);
  sweepForgotten();
  mkdirSync(outside, { recursive: true });
  handOver(outside, account);
  if (dataDir.startsWith(join(tmpdir(), '/'))) writeFileSync(join(outside, 'belongs-to'), dataDir);
  if (!canEnter(outside, account)) {
    throw new StackError(
      `Postgres runs as the user "${account.name}", who can use neither ${inside} nor ${outside}.`,
      'Make one of them reachable, or run this as an ordinary user.',
    );
  }
  return outside;
}

// A temporary folder that was removed by hand leaves its outside data. A checkout may be on a disk that is not mounted
// at the moment, so only what belonged to a temporary folder says whose it was, and is swept.
function sweepForgotten() {
  for (const name of readdirSync('/var/tmp').filter((entry) => /^fowergram-[0-9a-f]{12}$/.test(entry))) {
    const note = join('/var/tmp', name, 'belongs-to');
    const owner = existsSync(note) ? readFileSync(note, 'utf8') : undefined;
    if (owner && !existsSync(owner)) rmSync(join('/var/tmp', name), { recursive: true, force: true });
  }
}

/** Removes everything that a stack kept, wherever it had to keep it. Only for stacks that are stopped. */
export function removeData(dataDir) {
  for (const folder of [dataDir, homeOutside(dataDir)]) rmSync(folder, { recursive: true, force: true });
}

function handOver(folder, { ids }) {
  chownSync(folder, ids.uid, ids.gid);
  chmodSync(folder, 0o700);
}

function canEnter(folder, { ids }) {
  return spawnSync('test', ['-w', folder, '-a', '-x', folder], { cwd: '/', ...ids }).status === 0;
}

async function prepareData({ folder, bin, account, password, version, log }) {
  const half = `${folder}.new`;
  rmSync(half, { recursive: true, force: true });
  if (existsSync(folder)) return checkData(folder, version);
  log(`creating the Postgres data folder (Postgres ${version})`);
  const passwordFile = `${folder}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.ids.uid, account.ids.gid);
  const made = spawnSync(
    join(bin, 'initdb'),
    [
      '-D',
      half,
      '-U',
      admin,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ],
    {
      cwd: dirname(folder),
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      encoding: 'utf8',
      ...account?.ids,
    },
  );
  rmSync(passwordFile, { force: true });
  if (made.status !== 0)
    throw new StackError(`initdb failed: ${made.error?.message ?? made.stderr.trim()}`, `The folder was ${folder}.`);
  // Only a complete folder gets the real name: a kill before this line leaves nothing that looks like data.
  renameSync(half, folder);
}

function checkData(folder, version) {
  const needed = ['PG_VERSION', 'global/pg_control', 'base', 'pg_wal'];
  const absent = needed.filter((name) => !existsSync(join(folder, name)));
  if (absent.length > 0) {
    throw new StackError(
      `The Postgres data folder ${folder} is incomplete (${absent.join(', ')} missing).`,
      `Start afresh (this deletes the local data): rm -rf ${folder}`,
    );
  }
  const made = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (made !== version.split('.')[0]) {
    throw new StackError(
      `${folder} was made by Postgres ${made}, but the program found is ${version}.`,
      `Put Postgres ${made} first on the PATH, or start afresh (this deletes the local data): rm -rf ${folder}`,
    );
  }
}
