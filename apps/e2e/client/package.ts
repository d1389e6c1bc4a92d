import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

const run = promisify(execFile);
const MAX_GZIPPED_BYTES = 25_000;

export function packageTests(): void {
  describe('the package of the client', () => {
    it('has at most 25 kB, everything that can be imported together', async () => {
      await run(process.execPath, ['tools/build/client.mjs'], { env: { ...process.env, NODE_OPTIONS: '' } });
      const scripts = (await readdir('dist/client')).filter((name) => name.endsWith('.js'));
      expect(scripts).toEqual(expect.arrayContaining(['index.js', 'operations.js']));
      const sizes = await Promise.all(
        scripts.map(async (name) => gzipSync(await readFile(`dist/client/${name}`)).length),
      );
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_GZIPPED_BYTES);
    });
  });
}
