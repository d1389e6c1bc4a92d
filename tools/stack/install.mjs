import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from './errors.mjs';
import { root } from './files.mjs';

const marker = join(root, 'node_modules', '.fowergram-installed');
const least = [20, 19];

export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return;
  throw new StackError(
    `Node ${version} is too old: ${least.join('.')} or newer is needed.`,
    'Install a newer Node (for example with nvm: nvm install 24), then try again.',
  );
}

/** Installs the packages when they are absent, half installed, or not those of package-lock.json. */
export async function installPackages(log) {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  if (alreadyInstalled()) return void writeFileSync(marker, wanted);
  await step(log, 'installing packages (npm ci)', async () => {
    // @NOTE npm sets npm_execpath for scripts it runs: the same npm installs, even where another one is first on the PATH.
    const npm = process.env.npm_execpath;
    const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
    await runStep('npm ci', command, [...args, 'ci', '--no-audit', '--no-fund']);
    writeFileSync(marker, wanted);
  });
}

// Packages that somebody installed by hand count when npm's own record of them, which it writes last, equals the lock file.
function alreadyInstalled() {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

/** Runs one named step, says how long it took, and shows signs of life while it takes long. */
export async function step(log, what, work) {
  const before = Date.now();
  log(`${what} …`);
  const signs = setInterval(() => log(`${what}: ${Math.round((Date.now() - before) / 1000)} s so far`), 10_000);
  try {
    const result = await work();
    log(`${what}: ${((Date.now() - before) / 1000).toFixed(1)} s`);
    return result;
  } finally {
    clearInterval(signs);
  }
}

const steps = new Set();

/** Ends the tools that are at work: for a start that is given up in the middle. */
export function stopSteps() {
  for (const child of steps) child.kill('SIGTERM');
}

/** A tool of the build, run to its end; what it prints is shown only when it fails. */
export function runStep(name, command, args, { env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    let said = '';
    steps.add(child);
    child.once('close', () => steps.delete(child));
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (said = (said + chunk).slice(-20_000)));
    child.stdout.on('data', (chunk) => (printed += chunk));
    child.once('error', (error) => reject(new StackError(`${name} could not be run: ${error.message}.`)));
    child.once('close', (code) =>
      code === 0
        ? resolve(printed)
        : reject(
            new StackError(`${name} failed (exit code ${code}):\n${said.trim().split('\n').slice(-25).join('\n')}`),
          ),
    );
  });
}

/**
 * Everything between a bare checkout and compiled services: packages, generated code, dist.
 * @param {(line: string) => void} log
 * @param {{ buildMayFail?: boolean }} [options] a few chosen tests can run while another corner of the tree does not compile
 */
export async function prepare(log, { buildMayFail = false } = {}) {
  checkNode();
  await installPackages(log);
  try {
    if (existsSync(join(root, 'tools/build/generate.mjs')))
      await step(log, 'generating code', () => runStep('generate', process.execPath, ['tools/build/generate.mjs']));
    await step(log, 'compiling', () => runStep('build', process.execPath, ['tools/build/build.mjs']));
  } catch (error) {
    if (!buildMayFail) throw error;
    log(`${error.message}\n  Going on without it: only the chosen tests run.`);
  }
}
