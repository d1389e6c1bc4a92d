import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Scene, signedUp } from './scene.js';

const run = promisify(execFile);
const MAX_GZIPPED_BYTES = 25_000;
const env = { ...process.env, NODE_OPTIONS: '' };

/** What a program with the types of the package may say, and what they refuse. */
const TYPED = `
import { createClient, document, FowergramError, type Queue } from '@fowergram/client';
import { homeFeed, likePost } from '@fowergram/client/operations';

const client = createClient({ url: 'http://localhost:8000' });
export async function first(): Promise<string | null | undefined> {
  for await (const post of client.nodes(homeFeed, { first: 1 }, (data) => data.homeFeed)) return post.caption;
  const { me } = await client.request(document<{ me: { username: string } | null }>('{ me { username } }'));
  return me?.username;
}
export const isLater = (error: unknown): boolean => error instanceof FowergramError && error.retryable;
export const like = (queue: Queue): Promise<string> => queue.add(likePost, { postId: 'p' });
// @ts-expect-error: a variable of another name
void client.request(likePost, { id: 'p' });
`;

export function packageTests(scene: () => Scene): void {
  describe('the package of the client', () => {
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'client-'));
      await run(process.execPath, ['tools/build/client.mjs', '--pack'], { env });
      // A folder without it would be taken for a part of the one around it.
      await writeFile(join(folder, 'package.json'), '{}');
      const [archive] = (await readdir('dist')).filter((name) => /^fowergram-client-.*\.tgz$/.test(name));
      const install = ['install', '--offline', '--no-audit', '--no-fund', join(process.cwd(), 'dist', archive!)];
      await run('npm', install, { cwd: folder, env });
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('has at most 25 kB, everything that can be imported together', async () => {
      const scripts = (await readdir('dist/client')).filter((name) => name.endsWith('.js'));
      expect(scripts).toEqual(expect.arrayContaining(['index.js', 'operations.js']));
      const sizes = await Promise.all(
        scripts.map(async (name) => gzipSync(await readFile(`dist/client/${name}`)).length),
      );
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_GZIPPED_BYTES);
    });

    it('is installed in an empty project without anything else, and the lines of its README work there', async () => {
      const { username } = await signedUp(scene());
      const installed = (await readdir(join(folder, 'node_modules'))).filter((name) => !name.startsWith('.'));
      expect(installed).toEqual(['@fowergram']);
      const [, lines] = /```js\n([\s\S]*?)```/.exec(
        await readFile(join(folder, 'node_modules/@fowergram/client/README.md'), 'utf8'),
      )!;
      expect(lines!.trim().split('\n').length).toBeLessThanOrEqual(10);
      await writeFile(join(folder, 'lines.mjs'), lines!);
      const api = { ...env, API: scene().network.url };
      const { stdout } = await run(process.execPath, ['lines.mjs', username], { cwd: folder, env: api });
      expect(stdout).toMatch(new RegExp(`follows ${username}: true`));
    });

    it('has types that a strict program compiles with, and without those of Node', async () => {
      await writeFile(join(folder, 'typed.mts'), TYPED);
      const compilerOptions = {
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        module: 'nodenext',
        target: 'es2022',
        types: [],
      };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.mts'] }));
      const compiler = join(process.cwd(), 'node_modules/typescript/bin/tsc');
      const { stdout } = await run(process.execPath, [compiler, '-p', folder], { env }).catch(
        (error: { stdout: string }) => error,
      );
      expect(stdout).toBe('');
    });
  });
}
