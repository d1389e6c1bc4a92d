import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Network } from './network.js';
import { drawPhoto } from './photos.js';
import { snippets } from './snippets.js';

const run = promisify(execFile);

/** Says whether the programs that the page needs are here. */
export const hasProgramsOfFirstApp = (): boolean =>
  ['bash', 'curl', 'jq'].every((program) => spawnSync(program, ['--version']).status === 0);

/**
 * Does in one shell what docs/first-app.md says, and after it what docs/posts.md says of the life of a post, and returns what both
 * print; the listener runs before the last command of the first.
 */
export async function runFirstApp({ url, services }: Network): Promise<string> {
  // Inside of the tree, so that the page's program finds the packages.
  await mkdir('.data', { recursive: true });
  const folder = await mkdtemp(join('.data', 'first-app-'));
  try {
    await writeFile(join(folder, 'photo.jpg'), await drawPhoto({ seed: 5, width: 320, height: 240 }));
    await writeFile(join(folder, 'listen.mjs'), snippets('first-app.md', 'listen'));
    const commands = snippets('first-app.md', 'app').replaceAll('http://localhost:8000', url);
    const last = commands.lastIndexOf('gql ');
    const script = [
      commands.slice(0, last),
      'node listen.mjs "$ZOE" > heard &',
      `until curl -s ${services.gateway.operatorUrl}/metrics | grep -Eq '^subscriptions_open[^ ]* [1-9]'; do sleep 0.1; done`,
      commands.slice(last),
      'until grep LIKE heard; do sleep 0.1; done',
      'kill $!',
      snippets('posts.md', 'life'),
    ];
    return (await run('bash', ['-euo', 'pipefail', '-c', script.join('\n')], { cwd: folder })).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
