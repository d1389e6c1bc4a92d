import { aliases, root, swcOptions } from '../build/swc-options.mjs';

/** @type {import('jest').Config} */
export default {
  rootDir: root,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testMatch: ['**/*.spec.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swcOptions] },
  moduleNameMapper: {
    ...Object.fromEntries(Object.entries(aliases).map(([name, file]) => [`^${name}$`, `<rootDir>/${file}`])),
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  testTimeout: 120_000,
  testSequencer: '<rootDir>/tools/jest/sequencer.mjs',
  // One more than the cores of a small machine: tests wait for stores and processes during a third of their time.
  maxWorkers: 3,
  workerIdleMemoryLimit: '1500MB',
};
