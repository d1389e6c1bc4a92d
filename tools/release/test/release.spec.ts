import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { release } from '../release.mjs';

const DAY = '2026-11-28';
const CHANGELOG = '# Changelog\n\n## 0.2.0 – unreleased\n\n- New.\n\n## 0.1.0 – 2026-11-01\n\n- Old.\n';

describe('A release', () => {
  let folder: string;
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'release-'));
    write('CHANGELOG.md', CHANGELOG);
    for (const name of ['package.json', 'libs/client/package.json']) write(name, '{ "version": "0.2.0" }');
    write('apps/gateway/openapi.json', '{ "paths": { "/new": {} } }');
    write('apps/gateway/openapi.released.json', '{ "paths": {} }');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('dates its section of the changelog, and promises the OpenAPI document of now', () => {
    expect(release(folder, DAY)).toBe('0.2.0');
    expect(read('CHANGELOG.md')).toBe(CHANGELOG.replace('unreleased', DAY));
    expect(read('apps/gateway/openapi.released.json')).toBe(read('apps/gateway/openapi.json'));
  });

  it('is made once', () => {
    release(folder, DAY);
    expect(() => release(folder, DAY)).toThrow('CHANGELOG.md has no section “## x.y.z – unreleased”.');
  });

  it.each(['package.json', 'libs/client/package.json'])(
    'promises nothing where its version is another in %s',
    (name) => {
      write(name, '{ "version": "0.1.0" }');
      expect(() => release(folder, DAY)).toThrow(`CHANGELOG.md is about 0.2.0, and ${name} says 0.1.0.`);
      expect([read('CHANGELOG.md'), read('apps/gateway/openapi.released.json')]).toEqual([
        CHANGELOG,
        '{ "paths": {} }',
      ]);
    },
  );
});
