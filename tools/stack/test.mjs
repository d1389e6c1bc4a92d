import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { printFailure, StackError } from './errors.mjs';
import { readJson, root, writeJson } from './files.mjs';
import { endRestOfGroup, processIdentity, signalRecorded } from './identity.mjs';
import { installPackages, prepare, runStep } from './install.mjs';
import { stopLeftovers } from './lock.mjs';
import { removeData } from './postgres.mjs';
import { findProgram, requirePrograms } from './programs.mjs';

// Tests of mails start a mail server of their own.
const testStores = ['postgres', 'redis', 'nats', 'objectStore', 'authCore'];
/** Ends what hangs. A machine that does other things, too, takes twice as long as one that does not. */
const phaseLimitMs = 35 * 60_000;
const drillLimitMs = 90 * 60_000;
const log = (line) => console.log(`  ${line}`);

/**
 * `npm test`: a private stack, the tests against it, and one honest line at the end.
 * Arguments are handed to jest, but for five: `--changed` chooses the projects that `nx affected` names, `--results=<file>` keeps what
 * jest wrote down, and `--faults` or `--drills` alone run the fault tests or the drills, which start and hurt stacks of their own; with
 * `--pooled` the services of these reach Postgres through PgBouncer.
 */
async function main(args) {
  const ownStacks = args.includes('--faults') ? 'fault' : args.includes('--drills') ? 'drill' : undefined;
  const isPooled = args.includes('--pooled');
  const resultsFile = args.find((arg) => arg.startsWith('--results='))?.slice('--results='.length);
  const chosen = args.filter((arg) => !/^--(faults$|drills$|pooled$|changed$|results=)/.test(arg));
  await installPackages(log);
  if (args.includes('--changed')) {
    const changed = await changedProjects();
    if (changed.length === 0) return { passed: 0, failed: 0, nothing: 'Nothing changed that a test looks at.' };
    log(`changed, or depending on what changed: ${changed.join(' ')}`);
    chosen.push(...changed.map((folder) => `${folder}/`));
  }
  if (process.env.SUPERTOKENS_CONNECTION_URI && !process.env.SUPERTOKENS_API_KEY)
    throw new StackError(
      'SUPERTOKENS_API_KEY is missing: the tests speak to the auth core of SUPERTOKENS_CONNECTION_URI as the gateway does.',
    );
  await prepare(log, { buildMayFail: chosen.length > 0 });
  await sweepDeadRuns();
  const folder = join(root, '.data', `test-${process.pid}`);
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  if (!ownStacks && mayUseBrowser(chosen)) requirePrograms(['chromium'], { log });
  if (!ownStacks && mayUsePrometheus(chosen)) requirePrograms(['prometheus'], { log });
  if (isPooled || (!ownStacks && mayUsePooler(chosen))) requirePrograms(['pgbouncer'], { log });
  const totals = { passed: 0, failed: 0 };
  let stack;
  try {
    if (!ownStacks) {
      const { startStack } = await import('./stack.mjs');
      stack = await startStack({
        dataDir: join(folder, 'stack'),
        stores: testStores,
        log,
        durable: false,
        what: 'A test run',
      });
      add(totals, await jest({ name: 'tests', folder, args: chosen, env: testVariables(stack) }));
    } else {
      const match = ['--testMatch', `**/*.${ownStacks}.ts`, '--runInBand', ...chosen];
      const limitMs = ownStacks === 'drill' ? drillLimitMs : phaseLimitMs;
      const env = { ...programVariables(), ...(isPooled && { TEST_POOLED: 'true' }) };
      add(totals, await jest({ name: `${ownStacks} tests`, folder, args: match, env, limitMs }));
    }
    if (resultsFile && existsSync(join(folder, 'tests.json'))) copyFileSync(join(folder, 'tests.json'), resultsFile);
  } finally {
    await stack?.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
  return totals;
}

/** Only the journeys and the tests of the client drive a browser: whoever runs other tests needs none. */
function mayUseBrowser(chosen) {
  return chosen.length === 0 || chosen.some((path) => /apps\/e2e(\/?$|\/journeys|\/client)/.test(path));
}

/** Only the tests of alerts and dashboards ask a Prometheus, or the promtool that comes with it. */
function mayUsePrometheus(chosen) {
  return chosen.length === 0 || chosen.some((path) => /tools\/manifests|apps\/e2e(\/?$|\/meta)/.test(path));
}

/** Services run behind PgBouncer in tests of their own. */
function mayUsePooler(chosen) {
  return chosen.length === 0 || chosen.some((path) => /apps\/e2e(\/?$|\/pooler)/.test(path));
}

/** The folders of the projects with tests that differ from main, or stand on one that does, uncommitted changes included. */
async function changedProjects() {
  const main = await firstKnown(['main', 'origin/main', 'HEAD']);
  const query = ['show', 'projects', '--affected', `--base=${main}`, '--with-target=test', '--json'];
  const nx = (args) => runStep('nx', process.execPath, ['node_modules/nx/dist/bin/nx.js', ...args]);
  const names = JSON.parse(await nx(query));
  const graph = JSON.parse(await nx(['graph', '--print']));
  return names.map((name) => graph.graph.nodes[name].data.root);
}

async function firstKnown(references) {
  for (const reference of references) {
    const known = await runStep('git', 'git', ['rev-parse', '--verify', '--quiet', reference]).then(
      Boolean,
      () => false,
    );
    if (known) return reference;
  }
  throw new StackError('This is no clone of the repository: git does not know what changed.');
}

function testVariables(stack) {
  return {
    ...programVariables(),
    TEST_DATABASE_URL: stack.postgres.url,
    TEST_REDIS_URL: stack.redis.url,
    TEST_NATS_URL: stack.nats.url,
    ...(stack.objectStore && {
      TEST_MINIO_ENDPOINT: stack.objectStore.url,
      TEST_MINIO_ACCESS_KEY: stack.objectStore.accessKey,
      TEST_MINIO_SECRET_KEY: stack.objectStore.secretKey,
    }),
    ...(stack.authCore && {
      TEST_SUPERTOKENS_CONNECTION_URI: stack.authCore.url,
      TEST_SUPERTOKENS_API_KEY: stack.authCore.apiKey,
    }),
    // The suite of the stand-in asks this core instead, so that both are held to the same words.
    ...(process.env.SUPERTOKENS_CONNECTION_URI && { TEST_OUTSIDE_AUTH_CORE: process.env.SUPERTOKENS_CONNECTION_URI }),
  };
}

// Asked for after the stack is up, which may have had to install them.
function programVariables() {
  const paths = {
    REDIS_SERVER: findProgram('redis').path,
    NATS_SERVER: findProgram('nats').path,
    CHROMIUM: findProgram('chromium').path,
    PROMETHEUS: findProgram('prometheus').path,
  };
  return Object.fromEntries(Object.entries(paths).filter(([, path]) => path));
}

/** Runs jest once and counts what it wrote down; a run that dies, hangs or finds no test counts as a failure. */
async function jest({ name, folder, args, env, limitMs = phaseLimitMs }) {
  if (process.exitCode) throw new StackError('Interrupted.');
  const outputFile = join(folder, `${name.replace(' ', '-')}.json`);
  const command = [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '-c',
    'tools/jest/jest.config.mjs',
    `--cacheDirectory=${join(root, '.data', 'jest-cache')}`,
    '--json',
    `--outputFile=${outputFile}`,
    ...args,
  ];
  // Tests that start stacks or keep files may be ended at any moment: what they leave is where we find it.
  const registry = { STACK_REGISTRY: join(folder, 'of-tests'), TMPDIR: join(folder, 'tmp') };
  const code = await withDeadline({ name, folder, limitMs }, command, {
    ...process.env,
    ...env,
    ...registry,
    NODE_ENV: 'test',
  });
  await stopLeftovers(registry.STACK_REGISTRY, log);
  const result = readJson(outputFile);
  if (!result) {
    console.error(`✗ ${name}: jest ended with ${code} and no result.`);
    return { passed: 0, failed: 1 };
  }
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  if (result.numTotalTests === 0) console.error(`✗ ${name}: no test ran.`);
  return { passed: result.numPassedTests, failed: failed || (code === 0 && result.numTotalTests > 0 ? 0 : 1) };
}

function withDeadline({ name, folder, limitMs }, args, env) {
  return new Promise((resolve, reject) => {
    // A group of its own, so that the deadline ends jest together with its workers and nothing else.
    const child = spawn(process.execPath, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    });
    const record = {
      name: 'jest',
      pid: child.pid,
      identity: processIdentity(child.pid),
      stopSignal: 'SIGKILL',
      group: true,
    };
    if (child.pid) writeJson(join(folder, 'stack', 'pids', 'jest.json'), record);
    const end = (signal) => signalRecorded(record, signal);
    interrupted = () => end('SIGTERM');
    const timer = setTimeout(() => {
      console.error(`✗ ${name} took longer than ${limitMs / 60_000} minutes and were stopped.`);
      end('SIGKILL');
    }, limitMs);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      interrupted = undefined;
      endRestOfGroup(child.pid);
      resolve(code ?? signal);
    });
  });
}

/** Removes what test runs that were killed have left: their stores first, then their folders. */
async function sweepDeadRuns() {
  const data = join(root, '.data');
  for (const name of existsSync(data) ? readdirSync(data) : []) {
    const dataDir = join(data, name, 'stack');
    const owner = Number(/^test-(\d+)$/.exec(name)?.[1]);
    // The folder is named after its owner before there is a lock in it: a run that is just starting must not be swept away.
    if (!owner || processIdentity(owner)) continue;
    for (const pids of [dataDir, join(data, name, 'of-tests')]) await stopLeftovers(pids, log);
    removeData(dataDir);
    rmSync(join(data, name), { recursive: true, force: true });
  }
}

function add(totals, { passed, failed }) {
  totals.passed += passed;
  totals.failed += failed;
}

let interrupted;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    process.exitCode = 130;
    interrupted?.();
  });
}

try {
  const { passed, failed, nothing } = await main(process.argv.slice(2));
  if (nothing) console.log(nothing);
  else if (failed > 0 || passed === 0) process.exitCode ||= 1;
  console.log(`${passed} passed, ${failed} failed`);
} catch (error) {
  printFailure(error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
