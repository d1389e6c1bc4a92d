// Gives every project the targets that its files call for; nx.json says what they read, write and keep.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export const createNodesV2 = [
  '{apps,libs,tools}/**/project.json',
  (files, _options, { workspaceRoot }) => files.map((file) => [file, nodesOf(workspaceRoot, file)]),
];

function nodesOf(workspace, file) {
  const root = dirname(file);
  const { name } = JSON.parse(readFileSync(join(workspace, file), 'utf8'));
  const sources = readdirSync(join(workspace, root), { recursive: true }).map(String);
  const has = (ending) => sources.some((source) => source.endsWith(ending));
  const prisma = existsSync(join(workspace, 'prisma', basename(root), 'schema.prisma')) && root.startsWith('apps/');
  const targets = {
    ...(has('.ts') && {
      build: { executor: './tools/nx:build' },
      typecheck: { executor: './tools/nx:typecheck' },
      lint: { executor: './tools/nx:lint' },
    }),
    ...(has('.spec.ts') && { test: { executor: './tools/nx:test' } }),
    ...(sources.includes(join('src', 'service.ts')) && { serve: serveTarget(name) }),
  };
  const database = prisma && { namedInputs: { database: [`{workspaceRoot}/prisma/${basename(root)}/**/*`] } };
  return { projects: { [root]: { targets, ...database } } };
}

const serveTarget = (name) => ({ command: `node tools/stack/start.mjs --watch=${name}`, continuous: true });
