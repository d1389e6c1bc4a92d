// Makes the package @fowergram/client in dist/client: ESM with everything in it, types, the schema. `--pack` makes its archive, too.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';
import { root } from './swc-options.mjs';

const source = join(root, 'libs/client/src');
const output = join(root, 'dist/client');
const entries = ['index.ts', 'operations.ts'].map((name) => join(source, name));

/** Builds the package and returns its folder. */
export async function buildClient(folder = output) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: entries,
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2020',
    absWorkingDir: root,
    logLevel: 'error',
  });
  writeTypes(folder);
  copyFileSync(join(root, 'apps/gateway/schema.graphql'), join(folder, 'schema.graphql'));
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  for (const name of ['package.json', 'README.md']) copyFileSync(join(root, 'libs/client', name), join(folder, name));
  return folder;
}

function writeTypes(folder) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram(entries, {
    ...options,
    allowJs: false,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: source,
    outDir: folder,
    types: ['node'],
  });
  const { diagnostics } = program.emit();
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, formatHost));
}

const formatHost = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => '\n' };

if (process.argv[1] === import.meta.filename) {
  const folder = await buildClient();
  if (process.argv.includes('--pack'))
    execFileSync('npm', ['pack', folder, '--pack-destination', join(root, 'dist')], { stdio: 'inherit' });
  else console.log(folder);
}
