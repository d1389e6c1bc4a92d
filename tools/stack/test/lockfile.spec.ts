import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { absentFromLock, completeLock } from '../complete-lockfile.mjs';
import type { Lock } from '../complete-lockfile.mjs';
import { root } from '../files.mjs';

describe('package-lock.json', () => {
  it('lists the optional packages of every platform, as npm ci demands (else: node tools/stack/complete-lockfile.mjs)', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
    expect(absentFromLock(lock).map(({ name }) => name)).toEqual([]);
  });

  it('gets entries that belong to their platform only', () => {
    const lock: Lock = {
      packages: {
        '': {},
        'node_modules/fast': {
          version: '1.0.0',
          optionalDependencies: {
            '@fast/linux-arm64-musl': '1.0.0',
            '@fast/darwin-x64': '1.0.0',
            '@fast/linux-x64-gnu': '1.0.0',
          },
        },
        'node_modules/@fast/linux-x64-gnu': { version: '1.0.0' },
      },
    };
    expect(completeLock(lock).packages).toMatchObject({
      'node_modules/@fast/linux-arm64-musl': {
        version: '1.0.0',
        optional: true,
        os: ['linux'],
        cpu: ['arm64'],
        libc: ['musl'],
      },
      'node_modules/@fast/darwin-x64': { version: '1.0.0', optional: true, os: ['darwin'], cpu: ['x64'] },
    });
    expect(absentFromLock(completeLock(lock))).toEqual([]);
  });

  it('counts a package beside its parent as listed', () => {
    const lock: Lock = {
      packages: {
        '': {},
        'node_modules/a/node_modules/b': { optionalDependencies: { c: '1.0.0' } },
        'node_modules/a/node_modules/c': { version: '1.0.0' },
      },
    };
    expect(absentFromLock(lock)).toEqual([]);
  });
});
