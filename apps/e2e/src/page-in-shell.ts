import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { drawPhoto } from './photos.js';

const run = promisify(execFile);

/** Says whether the programs that commands on pages of docs need are here. */
export const hasProgramsOfPages = (): boolean =>
  ['bash', 'curl', 'jq'].every((program) => spawnSync(program, ['--version']).status === 0);

/** Runs commands in one shell, in a folder with photo.jpg and these files; the first that fails ends it. Returns what is printed. */
export async function runInShell(commands: string, files: Record<string, string> = {}): Promise<string> {
  // Inside of the tree, so that a page's program finds the packages.
  await mkdir('.data', { recursive: true });
  const folder = await mkdtemp(join('.data', 'page-'));
  try {
    await writeFile(join(folder, 'photo.jpg'), await drawPhoto({ seed: 5, width: 320, height: 240 }));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return (await run('bash', ['-euo', 'pipefail', '-c', commands], { cwd: folder })).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
