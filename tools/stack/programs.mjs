import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StackError } from './errors.mjs';

/**
 * The programs of the stack: what they are called, how new they must be, and where each system gets them from.
 * @type {Record<string, { program: string, least: number[], folders: () => string[], apt: string, brew: string, versionArgs: string[] }>}
 */
export const known = {
  postgres: {
    program: 'postgres',
    least: [15],
    folders: postgresFolders,
    apt: 'postgresql',
    brew: 'postgresql@17',
    versionArgs: ['--version'],
  },
  redis: {
    program: 'redis-server',
    least: [7],
    folders: systemFolders,
    apt: 'redis-server',
    brew: 'redis',
    versionArgs: ['--version'],
  },
  nats: {
    program: 'nats-server',
    least: [2, 9],
    folders: systemFolders,
    apt: 'nats-server',
    brew: 'nats-server',
    versionArgs: ['--version'],
  },
  // Only tests use it: a stack has connections enough.
  pgbouncer: {
    program: 'pgbouncer',
    least: [1, 18],
    folders: systemFolders,
    apt: 'pgbouncer',
    brew: 'pgbouncer',
    versionArgs: ['--version'],
  },
  // Only the tests of the web client use it.
  chromium: {
    program: 'chromium',
    least: [120],
    folders: systemFolders,
    apt: 'chromium',
    brew: '--cask chromium',
    versionArgs: ['--version'],
  },
  // Only the tests of alerts and dashboards use it, and promtool, which its package brings too.
  prometheus: {
    program: 'prometheus',
    least: [2, 42],
    folders: systemFolders,
    apt: 'prometheus',
    brew: 'prometheus',
    versionArgs: ['--version'],
  },
};

// @NOTE Debian keeps postgres off the PATH on purpose, and sbin is not on the PATH of ordinary users.
function postgresFolders() {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  return [...versions.map((version) => join(base, version, 'bin')), ...systemFolders()];
}

function systemFolders() {
  return ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
}

/**
 * Looks for a program on the PATH and in its usual folders; too old ones are remembered for the message, not used.
 * @returns {{ path?: string, version?: string, tooOld: { path: string, version: string }[] }}
 */
export function findProgram(name, { env = process.env, folders = known[name].folders() } = {}) {
  const { program, least, versionArgs } = known[name];
  const tooOld = [];
  for (const folder of new Set([...(env.PATH ?? '').split(delimiter).filter(Boolean), ...folders])) {
    const path = join(folder, program);
    if (!isExecutable(path)) continue;
    const version = versionOf(path, versionArgs, env);
    if (version && isAtLeast(version, least)) return { path, version, tooOld };
    tooOld.push({ path, version: version ?? 'unknown version' });
  }
  return { tooOld };
}

/** Whether a program of any name is on the PATH. */
export function onPath(program, env = process.env) {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function versionOf(path, args, env) {
  const { stdout, stderr } = spawnSync(path, args, { encoding: 'utf8', env, timeout: 10_000 });
  return /(\d+(?:\.\d+)+|\d+(?=devel|beta|rc))/.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[1];
}

export function isAtLeast(version, least) {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

/**
 * Finds every named program; what is missing is installed by apt-get where that is ours to do (Debian or Ubuntu, as root),
 * and otherwise named together with the one command that installs it.
 * @param {string[]} names
 * @param {{ log: (line: string) => void, env?: NodeJS.ProcessEnv, system?: ReturnType<typeof thisSystem>, folders?: string[], install?: typeof installWithApt }} options
 * @returns {Record<string, { path: string, version: string }>}
 */
export function requirePrograms(
  names,
  { log, env = process.env, system = thisSystem(env), folders, install = installWithApt },
) {
  let found = look(names, env, folders);
  const missing = names.filter((name) => !found[name].path);
  if (missing.length === 0) return found;
  // @NOTE A program that is there but too old belongs to somebody: installing over it could restart their server.
  const mayInstall = system.apt && system.root && missing.every((name) => found[name].tooOld.length === 0);
  if (!mayInstall) throw missingPrograms(missing, found, system);
  install(
    missing.map((name) => known[name].apt),
    { log, env },
  );
  found = look(names, env, folders);
  const still = names.filter((name) => !found[name].path);
  if (still.length > 0) throw missingPrograms(still, found, system);
  return found;
}

function look(names, env, folders) {
  return Object.fromEntries(names.map((name) => [name, findProgram(name, { env, folders })]));
}

export function thisSystem(env = process.env) {
  return {
    apt: process.platform === 'linux' && existsSync('/etc/debian_version') && Boolean(onPath('apt-get', env)),
    brew: Boolean(onPath('brew', env)),
    root: process.getuid?.() === 0,
  };
}

function missingPrograms(missing, found, system) {
  const lines = missing.map((name) => {
    const { program, least } = known[name];
    const old = found[name].tooOld.map(({ path, version }) => `${path} is ${version}`).join(', ');
    return `  ${program}, version ${least.join('.')} or newer${old ? ` (${old}: too old)` : ''}`;
  });
  const command = system.brew
    ? `brew install ${missing.map((name) => known[name].brew).join(' ')}`
    : `${system.root ? '' : 'sudo '}apt-get install -y ${missing.map((name) => known[name].apt).join(' ')}`;
  const other =
    system.apt || system.brew ? '' : '\n  (that is for Debian and Ubuntu; elsewhere use the package of the same name)';
  return new StackError(
    `The stack needs programs that are not on this machine:\n${lines.join('\n')}`,
    `Install them:\n  ${command}${other}\nor let Docker bring everything:\n  docker compose up`,
  );
}

/**
 * Installs packages without letting their services start: the stack runs private servers only, and a fresh Postgres or Redis
 * of the distribution would sit on the standard ports.
 */
export function installWithApt(
  packages,
  { log, env = process.env, run = runApt, disable = disableAtBoot, policyFile = '/usr/sbin/policy-rc.d' },
) {
  log(
    `installing ${packages.join(', ')} with apt-get (missing on this machine; their system services are not started)`,
  );
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const guarded = forbidServiceStarts(policyFile);
  try {
    const install = ['install', '-y', '--no-install-recommends', '--no-upgrade', ...packages];
    if (run(install, quiet).ok) return void disable(packages);
    log('refreshing the package lists and trying again');
    run(['update'], quiet);
    const second = run(install, quiet);
    if (!second.ok) {
      throw new StackError(
        `apt-get could not install ${packages.join(', ')}:\n${second.lastLines}`,
        `Try it yourself to see more:\n  apt-get update && apt-get install -y ${packages.join(' ')}\nor let Docker bring everything:\n  docker compose up`,
      );
    }
    disable(packages);
  } finally {
    if (guarded) rmSync(policyFile, { force: true });
  }
}

// policy-rc.d is how a Debian machine says which services an installation may start; 101 means none. One that the machine
// already has is its own affair and stays, and RUNLEVEL=1 covers that case.
function forbidServiceStarts(policyFile) {
  try {
    writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { flag: 'wx', mode: 0o755 });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

// The units are named like their packages. Nobody had them before us, so nobody counts on them after the next boot.
function disableAtBoot(packages) {
  if (existsSync('/run/systemd/system'))
    spawnSync('systemctl', ['disable', ...packages], { stdio: 'ignore', timeout: 30_000 });
}

function runApt(args, env) {
  const { status, stdout, stderr } = spawnSync('apt-get', args, {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 600_000,
  });
  return { ok: status === 0, lastLines: `${stdout ?? ''}${stderr ?? ''}`.trimEnd().split('\n').slice(-6).join('\n') };
}
