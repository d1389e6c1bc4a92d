import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * What distinguishes one process from every other that ever had its number: a pid alone is reused, its start time in this boot is not.
 * @returns {string | undefined} undefined when no such process runs (a zombie does not run)
 */
export function processIdentity(pid) {
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch (error) {
    if (process.platform === 'linux' && (error.code === 'ENOENT' || error.code === 'ESRCH')) return undefined;
  }
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() ? stdout.trim() : undefined;
}

/** @returns {boolean} whether the process that was written down is still the one with that number */
export function isAlive(record) {
  return Boolean(record?.identity) && processIdentity(record.pid) === record.identity;
}

/** Sends a signal to exactly the process that was written down; a stranger that has its number by now is left alone.
 * A record with `group` stands for the leader of a process group, and all of it is meant. */
export function signalRecorded(record, signal) {
  if (!isAlive(record)) return false;
  try {
    process.kill(record.group ? -record.pid : record.pid, signal);
    return true;
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Ends what is left of a process group after the end of its leader, whose number nobody else gets while the group has members.
 * Jest ends a worker that is slow to stop, and what that one had started would go on for ever.
 */
export function endRestOfGroup(leader) {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Stops a recorded process and answers once it is gone: politely first, by force after the time is up. */
export async function stopRecorded(record, { signal = 'SIGTERM', patienceMs = 10_000 } = {}) {
  if (!signalRecorded(record, signal)) return;
  if (await gone(record, patienceMs)) return;
  signalRecorded(record, 'SIGKILL');
  await gone(record, 5_000);
}

async function gone(record, patienceMs) {
  const deadline = Date.now() + patienceMs;
  while (isAlive(record)) {
    if (Date.now() > deadline) return false;
    await pause(25);
  }
  return true;
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
