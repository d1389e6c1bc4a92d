import { execFile, type ExecFileException, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { drawPhoto } from './photos.js';

const run = promisify(execFile);
/** Less than a test may take, so that what a page printed is seen where one of its loops never ends. */
const LIMIT_MS = 110_000;

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
    const shell = run('bash', ['-euo', 'pipefail', '-c', commands], { cwd: folder, timeout: LIMIT_MS });
    return (
      await shell.catch(({ stdout, stderr }: ExecFileException) => {
        throw new Error(
          `The page ended early, or took more than ${LIMIT_MS / 1_000} s. It printed:\n${stdout}\n${stderr}`,
        );
      })
    ).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
