import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

const { compilerOptions } = JSON.parse(readFileSync(`${root}/tsconfig.base.json`, 'utf8'));

/** The `@fowergram/*` aliases of tsconfig.base.json: the one list that TypeScript, swc, jest and Nx all read. */
export const aliases = Object.fromEntries(
  Object.entries(compilerOptions.paths).map(([name, [file]]) => [name, file.replace(/^\.\//, '')]),
);

export const swcOptions = {
  swcrc: false,
  sourceMaps: true,
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
  module: { type: 'es6', resolveFully: true },
};
