import nx from '@nx/eslint-plugin';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { suffix } from './tools/lint/suffixes.mjs';
import { testTitle } from './tools/lint/test-titles.mjs';

// The service map. A new arrow between services is one line here, and deserves an ADR (docs/adr).
const dependencyRules = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:contract', 'type:lib', 'type:testing'] },
  {
    sourceTag: 'type:contract',
    onlyDependOnLibsWithTags: ['type:contract'],
    allowedExternalImports: ['zod', 'fast-check'],
  },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib', 'type:contract', 'type:testing'] },
  { sourceTag: 'type:client', onlyDependOnLibsWithTags: ['type:client', 'type:testing'] },
  { sourceTag: 'type:web', onlyDependOnLibsWithTags: ['type:client'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:lib', 'type:contract'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:tool', 'type:lib', 'type:contract', 'type:testing'] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  {
    sourceTag: 'scope:gateway',
    onlyDependOnLibsWithTags: [
      'scope:gateway',
      'scope:shared',
      'scope:user',
      'scope:post',
      'scope:media',
      'scope:notification',
    ],
  },
  { sourceTag: 'scope:post', onlyDependOnLibsWithTags: ['scope:post', 'scope:shared', 'scope:user', 'scope:media'] },
  { sourceTag: 'scope:user', onlyDependOnLibsWithTags: ['scope:user', 'scope:shared', 'scope:media'] },
  {
    sourceTag: 'scope:notification',
    onlyDependOnLibsWithTags: ['scope:notification', 'scope:shared', 'scope:user', 'scope:post'],
  },
  { sourceTag: 'scope:media', onlyDependOnLibsWithTags: ['scope:media', 'scope:shared'] },
];

const fowergram = { rules: { suffix, 'test-title': testTitle } };
const testsOnly = { group: ['@fowergram/testing'], message: 'Only tests use the testing library.' };
const prismaInRepositories = {
  group: ['**/generated/prisma/**', '**/prisma.client.js'],
  message: 'Only *.repository.ts and prisma.client.ts touch the Prisma client.',
};
const stores = ['ioredis', 'bullmq', 'minio'];
const storeMessage =
  'Only *.cache.ts, *.storage.ts, *.queue.ts, *.processor.ts, *.module.ts and *redis.client.ts touch this client.';
const nats = {
  group: ['@nats-io/*'],
  message: 'Only libs/messaging knows NATS: use the Bus, @Handle, @On or the outbox.',
};
const entryPoints = {
  regex: '\\.(controller|processor|resolver)\\.js$',
  message: 'A service never calls an entry point.',
};

const named = (paths, message) => paths.map((name) => ({ name, message, allowTypeImports: true }));

/** `no-restricted-imports` is replaced, not merged, where two blocks match a file: each block states its whole list. */
const restrict = (paths, patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { paths, patterns }] });

export default tseslint.config(
  { ignores: ['**/node_modules/**', 'dist/**', '.data/**', '.nx/**', '**/generated/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: {
      parserOptions: { projectService: false, project: './tsconfig.base.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    plugins: { '@nx': nx },
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        // The tests of these use testing, which opens databases and connections; no source file does.
        {
          enforceBuildableLibDependency: false,
          allow: [],
          depConstraints: dependencyRules,
          ignoredCircularDependencies: [
            ['database', 'testing'],
            ['service-kit', 'testing'],
            ['messaging', 'testing'],
          ],
        },
      ],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
    },
  },
  {
    files: ['apps/web/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    languageOptions: { parserOptions: { project: './apps/web/tsconfig.json' } },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    // docs/architecture.md has the table.
    files: ['apps/*/src/**/*.ts', 'libs/**/src/**/*.ts'],
    plugins: { fowergram },
    rules: { 'fowergram/suffix': 'error' },
  },
  {
    files: ['**/*.spec.ts', '**/*.fault.ts', '**/*.drill.ts'],
    plugins: { fowergram },
    rules: { 'fowergram/test-title': 'error' },
  },
  // The whole network in one hand: journeys, fault tests and benchmarks reach into every project.
  {
    files: ['apps/e2e/**/*.ts', 'tools/bench/**/*.ts', 'tools/load/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  {
    files: ['apps/*/src/**/*.ts'],
    ignores: ['apps/e2e/**'],
    rules: restrict(named(stores, storeMessage), [testsOnly, nats, prismaInRepositories]),
  },
  {
    files: ['apps/*/src/**/*.service.ts'],
    rules: restrict(named(stores, storeMessage), [testsOnly, nats, prismaInRepositories, entryPoints]),
  },
  {
    files: ['apps/*/src/**/*.{cache,storage,queue,processor,module}.ts', 'apps/*/src/**/*redis.client.ts'],
    rules: restrict([], [testsOnly, nats, prismaInRepositories]),
  },
  {
    files: ['apps/*/src/**/*.repository.ts', 'apps/*/src/prisma.client.ts', 'apps/*/src/app.module.ts'],
    rules: restrict(named(stores, storeMessage), [testsOnly, nats]),
  },
  {
    files: ['libs/**/src/**/*.ts'],
    ignores: ['libs/messaging/**', 'libs/testing/**'],
    rules: restrict([], [nats]),
  },
);
