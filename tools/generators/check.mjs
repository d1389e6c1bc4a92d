// Runs every generator in a scratch copy of the tree, then compiles, lints and tests what they wrote.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const scratch = join(root, '.data', 'generated-copy');

const run = (command, args) =>
  execFileSync(command, args, {
    cwd: scratch,
    stdio: 'inherit',
    env: { ...process.env, NX_WORKSPACE_ROOT_PATH: scratch },
  });
const node = (...args) => run(process.execPath, args);
const bin = (name, ...args) => node(join('node_modules', '.bin', name), ...args);
const generate = (name, ...args) => bin('nx', 'generate', `./tools/generators:${name}`, ...args);

rmSync(scratch, { recursive: true, force: true });
mkdirSync(scratch, { recursive: true });
execFileSync(
  'bash',
  ['-c', `git ls-files -z --cached --others --exclude-standard | tar --null -T - -c | tar -x -C "${scratch}"`],
  { cwd: root },
);
symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
run('git', ['init', '--quiet']);
run('git', ['add', '--all']);

generate('feature', 'post', 'bookmarks');
generate('list', 'post', 'bookmarks');
generate('event', 'post', 'bookmarked');
generate('job', 'post', 'rebuild-feeds');

const written = execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], {
  cwd: scratch,
  encoding: 'utf8',
})
  .split('\n')
  // What was there is staged; the second column says what came after.
  .filter((line) => line[0] === '?' || line[1] === 'M')
  .map((line) => line.slice(3))
  .filter((file) => /\.ts$/.test(file));
bin('prettier', '--check', ...written);
node('tools/build/generate.mjs');
bin('tsc', '-p', 'tsconfig.json');
bin('eslint', '--max-warnings', '0', ...written);
// The statements on migrated databases, and the ids that an erasure must know.
node('tools/stack/test.mjs', 'apps/e2e/meta/(sql|user-ids)', ...written.filter((file) => file.endsWith('.spec.ts')));
rmSync(scratch, { recursive: true, force: true });
console.log('Every generator writes a skeleton that compiles, passes lint and passes its own tests.');
