import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../stack/errors.mjs';
import { root } from '../stack/files.mjs';
import { onPath } from '../stack/programs.mjs';

const requirements = join(import.meta.dirname, 'requirements.txt');
const folder = join(root, '.data', 'schemathesis');
const bin = join(folder, 'bin');
const TIMEOUT_MS = 10 * 60_000;

/** Installs what requirements.txt pins, with its hashes, into an environment of its own, where that has changed; answers with the program. */
export function installSchemathesis(log) {
  const wanted = readFileSync(requirements, 'utf8');
  const marker = join(folder, 'installed.txt');
  const program = join(bin, 'schemathesis');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return program;
  const python = onPath('python3');
  if (!python)
    throw new StackError('Schemathesis needs Python 3, which is not on the PATH.', 'Install python3 and python3-venv.');
  log('installing schemathesis with pip');
  rmSync(folder, { recursive: true, force: true });
  mustRun(python, ['-m', 'venv', folder], 'Install python3-venv.');
  const install = ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--requirement', requirements];
  mustRun(join(bin, 'python'), install, 'Make a package index reachable, for example by PIP_INDEX_URL.');
  writeFileSync(marker, wanted);
  return program;
}

function mustRun(command, args, advice) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: TIMEOUT_MS });
  if (status === 0) return;
  throw new StackError(`${args.slice(0, 3).join(' ')} failed:\n${`${stdout}${stderr}`.trim().slice(-1_000)}`, advice);
}
