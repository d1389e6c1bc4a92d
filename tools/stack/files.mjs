import {
  chmodSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  closeSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/** @returns {any} the parsed file, or undefined when it is absent or was cut off while being written */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Replaces a file in one step, so that a kill in the middle leaves the old content and never half of the new. */
export function writePrivate(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  const half = `${file}.${process.pid}.new`;
  writeFileSync(half, content, { mode: 0o600 });
  chmodSync(half, 0o600);
  renameSync(half, file);
}

export function writeJson(file, value) {
  writePrivate(file, `${JSON.stringify(value, null, 2)}\n`);
}

const logLimitBytes = 16 * 1024 * 1024;

/** Opens a log for appending; one that has grown large moves aside first, and only one old one is kept. */
export function openLog(file) {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > logLimitBytes) renameSync(file, `${file}.old`);
  return openSync(file, 'a', 0o600);
}

/** The last lines of a log from a position on: what a process said before it died. */
export function tail(file, { from = 0, lines = 12 } = {}) {
  if (!existsSync(file)) return '';
  const size = statSync(file).size;
  const start = Math.max(from, size - 16_384);
  const buffer = Buffer.alloc(Math.max(0, size - start));
  const fd = openSync(file, 'r');
  readSync(fd, buffer, 0, buffer.length, start);
  closeSync(fd);
  return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

export function isFolder(path) {
  return existsSync(path) && statSync(path).isDirectory();
}

export const serviceLogs = (dataDir) => join(dataDir, 'logs');
