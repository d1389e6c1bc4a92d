// `npm run release`: dates the section of the changelog, and promises the OpenAPI document to the clients of this version and its events
// to whatever runs beside the next one.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printFailure, StackError } from '../stack/errors.mjs';
import { root } from '../stack/files.mjs';

const UNRELEASED = /^## (\d+\.\d+\.\d+) – unreleased$/m;
const PACKAGES = ['package.json', 'libs/client/package.json'];

/** Makes a release of what stands in this folder, and answers with its version; nothing is written where something does not fit. */
export function release(folder, day) {
  const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8');
  const version = UNRELEASED.exec(changelog)?.[1];
  if (!version)
    throw new StackError(
      'CHANGELOG.md has no section “## x.y.z – unreleased”.',
      'Begin one with what has changed since the last release.',
    );
  for (const name of PACKAGES) requireVersion(folder, name, version);
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog.replace(UNRELEASED, `## ${version} – ${day}`));
  copyFileSync(join(folder, 'apps/gateway/openapi.json'), join(folder, 'apps/gateway/openapi.released.json'));
  return version;
}

function requireVersion(folder, name, version) {
  const found = JSON.parse(readFileSync(join(folder, name), 'utf8')).version;
  if (found !== version)
    throw new StackError(`CHANGELOG.md is about ${version}, and ${name} says ${found}.`, 'Give both the same version.');
}

function main() {
  if (execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }) !== '')
    throw new StackError(
      'There are changes that are not committed.',
      'Commit them first: a release is a commit of its own.',
    );
  const version = release(root, new Date().toISOString().slice(0, 10));
  for (const program of ['tools/build/build.mjs', 'dist/apps/e2e/src/roll-out/write-events.js'])
    execFileSync(process.execPath, [program], { cwd: root });
  console.log(`Fowergram ${version} is ready: run the check, then commit and tag it.

  npm run check && git commit -am 'Fowergram ${version}' && git tag v${version}
`);
}

if (process.argv[1] === import.meta.filename)
  try {
    main();
  } catch (error) {
    printFailure(error);
    process.exitCode = 1;
  }
