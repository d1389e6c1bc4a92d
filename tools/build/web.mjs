// Builds the web app with Vite into dist/web, unless what it is made of has not changed since.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './swc-options.mjs';

const output = join(root, 'dist/web');
const stamp = join(output, '.made-of');
const sources = ['apps/web', 'libs/client/src', 'tsconfig.base.json', 'package-lock.json'];

/** Builds what is stale and returns the folder with the pages. */
export async function buildWeb() {
  const madeOf = hashOf(sources);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === madeOf) return output;
  const { build } = await import('vite');
  await build({ root: join(root, 'apps/web'), logLevel: 'warn' });
  writeFileSync(stamp, madeOf);
  return output;
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesOf)) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function filesOf(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  const entries = readdirSync(join(root, path), { withFileTypes: true }).filter(({ name }) => name !== 'test');
  return entries
    .map(({ name }) => join(path, name))
    .sort()
    .flatMap(filesOf);
}

if (process.argv[1] === import.meta.filename) console.log(await buildWeb());
