// Compiles every TypeScript file of apps, libs and tools, or of the folders that it is given, into dist/, which mirrors the
// tree. Only files that changed are compiled again, so that a second start costs milliseconds. Aliases become relative
// imports: dist needs no loader. The .proto files, which are read at run time, are copied.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transformFile } from '@swc/core';
import { aliases, root, swcOptions } from './swc-options.mjs';

const options = {
  ...swcOptions,
  cwd: root,
  jsc: {
    ...swcOptions.jsc,
    baseUrl: root,
    paths: Object.fromEntries(Object.entries(aliases).map(([name, file]) => [name, [file]])),
  },
};
const stamp = join(root, 'dist', '.options');
const optionsHash = createHash('sha256').update(JSON.stringify(options)).digest('hex');

/** Compiles what changed in these folders, which are all by default, and returns how many files that were. */
export async function build(folders = ['apps', 'libs', 'tools']) {
  dropOtherOptions();
  const sources = folders.flatMap((folder) => filesOf(join(root, folder)));
  const stale = sources.filter((source) => isStale(source, outputOf(source)));
  removeOrphans(folders, new Set(sources.map(outputOf)));
  await Promise.all(stale.map(compile));
  return stale.length;
}

/** What was compiled with other options is stale, whichever folders are compiled now. */
function dropOtherOptions() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === optionsHash) return;
  rmSync(dirname(stamp), { recursive: true, force: true });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, optionsHash);
}

function filesOf(folder) {
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|proto)$/.test(entry.name) && !/\.(spec|d)\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      // Vite compiles the web app.
      .filter((file) => !file.includes('/node_modules/') && !file.startsWith(join(root, 'apps/web/')))
  );
}

function outputOf(source) {
  return join(root, 'dist', relative(root, source)).replace(/\.ts$/, '.js');
}

/** An output carries the time of its source: any other time, older or newer, is another version of the file. */
function isStale(source, output) {
  return !existsSync(output) || Math.abs(statSync(output).mtimeMs - statSync(source).mtimeMs) > 1;
}

function removeOrphans(folders, expected) {
  for (const output of folders.map((folder) => join(root, 'dist', folder)).filter(existsSync)) {
    for (const entry of readdirSync(output, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile() && /\.(js|proto)$/.test(file) && !expected.has(file)) rmSync(file);
    }
  }
}

async function compile(source) {
  const output = outputOf(source);
  const { atime, mtime } = statSync(source);
  mkdirSync(dirname(output), { recursive: true });
  if (source.endsWith('.proto')) copyFileSync(source, output);
  else await transform(source, output);
  utimesSync(output, atime, mtime);
}

async function transform(source, output) {
  const { code, map } = await transformFile(source, { ...options, filename: source, sourceFileName: source });
  writeFileSync(output, map ? `${code}\n//# sourceMappingURL=${output.split('/').pop()}.map\n` : code);
  if (map) writeFileSync(`${output}.map`, map);
}

if (process.argv[1] === import.meta.filename) {
  const folders = process.argv.slice(2);
  console.log(`compiled ${await build(folders.length > 0 ? folders : undefined)} files`);
}
