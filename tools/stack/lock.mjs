import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from './errors.mjs';
import { readJson } from './files.mjs';
import { isAlive, processIdentity, stopRecorded } from './identity.mjs';

/**
 * One owner per data folder. A lock whose owner is gone is taken over, and what that owner left running is stopped first:
 * after `kill -9` of `npm start` its stores would otherwise hold our ports and our files.
 * @param {string} dataDir
 * @param {{ log: (line: string) => void, what: string }} options
 * @returns {Promise<() => void>} release
 */
export async function lockFolder(dataDir, { log, what }) {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const file = join(dataDir, 'lock.json');
  const mine = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) });
  for (let attempt = 0; !tryCreate(file, mine); attempt += 1) {
    const owner = readJson(file);
    if (isAlive(owner) && owner.pid !== process.pid) {
      throw new StackError(
        `${what} is already running here (process ${owner.pid}).`,
        `Stop it with Ctrl-C in its own terminal, or: kill ${owner.pid}`,
      );
    }
    if (attempt > 20)
      throw new StackError(
        `The lock ${file} keeps changing hands.`,
        'Wait for the other start to finish, then try again.',
      );
    moveAside(file);
  }
  if (readFileSync(file, 'utf8') !== mine) return lockFolder(dataDir, { log, what });
  await stopLeftovers(dataDir, log);
  return () => {
    if (readJson(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** Stops what an earlier owner of the folder left running: only processes that are written down there and still the same. */
export async function stopLeftovers(dataDir, log) {
  const records = pidFiles(dataDir).map((file) => ({ file, record: readJson(file) }));
  const alive = records.filter(({ record }) => isAlive(record));
  if (alive.length > 0) log(`stopping what an earlier run left: ${alive.map(({ record }) => record.name).join(', ')}`);
  await Promise.all(alive.map(({ record }) => stopRecorded(record, { signal: record.stopSignal })));
  for (const { file } of records) rmSync(file, { force: true });
}

function pidFiles(dataDir) {
  try {
    return readdirSync(join(dataDir, 'pids'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(dataDir, 'pids', name));
  } catch {
    return [];
  }
}

function tryCreate(file, content) {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

// Two starters may find the same dead lock: a rename succeeds for one of them only.
function moveAside(file) {
  try {
    const aside = `${file}.${process.pid}.stale`;
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}
