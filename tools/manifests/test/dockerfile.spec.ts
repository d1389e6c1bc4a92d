import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import dockerfilelint from 'dockerfilelint';
import { dockerfileViolations, packagesOf } from '../src/dockerfile.js';
import { readText, root } from '../src/files.js';

const text = readText('tools/docker/Dockerfile');
const ignore = readText('tools/docker/Dockerfile.dockerignore');

describe('the Dockerfile', () => {
  it('passes dockerfilelint without a finding', () => {
    expect(dockerfilelint.run(root, text)).toEqual([]);
    expect(dockerfilelint.run(root, text.replace('EXPOSE 8000', 'EXPOSE 80000'))).not.toEqual([]);
    expect(dockerfilelint.run(root, text.replaceAll('node:20.20.2-bookworm-slim', 'node:latest'))).not.toEqual([]);
  });

  it('and that of PgBouncer pass together: of a fixed version, for nobody who is root', () => {
    const pooler = readText('tools/docker/pgbouncer/Dockerfile');
    expect(dockerfilelint.run(root, pooler)).toEqual([]);
    expect(pooler).toMatch(/^FROM debian:\d+\.\d+-slim$/m);
    expect(pooler).toMatch(/pgbouncer=1\.2[1-9]\.\*/);
    expect(pooler).toContain('\nUSER 1000:1000\n');
  });

  it('ships the Node that is developed and tested with', () => {
    const version = readText('.nvmrc').trim();
    const { devDependencies } = JSON.parse(readText('package.json')) as { devDependencies: Record<string, string> };
    expect([...text.matchAll(/^FROM node:(.+)-bookworm-slim/gm)].map((match) => match[1])).toEqual(
      Array.from({ length: 3 }, () => version),
    );
    expect(devDependencies['@types/node']!.split('.')[0]).toBe(version.split('.')[0]);
  });

  it('makes a small, unprivileged image that hears signals', () => {
    expect(dockerfileViolations(text, ignore)).toEqual([]);
  });

  it.each<[string, string, string, RegExp]>([
    ['a floating base', 'node:20.20.2-bookworm-slim AS runtime', 'node:20-slim AS runtime', /not pinned/],
    ['root', 'USER 1000:1000', 'USER 0:0', /other than root/],
    ['a name as user', 'USER 1000:1000', 'USER node', /numbered user/],
    ['a shell as process 1', 'CMD ["node", "tools/docker/start.mjs"]', 'CMD node tools/docker/start.mjs', /exec form/],
    ['a fixed service', 'ARG SERVICE=gateway', 'ARG PART=gateway', /cannot be chosen/],
    [
      'the development core',
      'COPY prisma prisma\nCOPY tools/docker',
      'COPY prisma prisma\nCOPY tools tools\nCOPY tools/docker',
      /development tools/,
    ],
  ])('notices %s', (_, from, to, violation) => {
    expect(text).toContain(from);
    expect(dockerfileViolations(text.replace(from, to), ignore).join('\n')).toMatch(violation);
  });

  it('notices that the development core is sent to the build', () => {
    expect(dockerfileViolations(text, ignore.replace('tools/auth-core\n', ''))).toEqual([
      'tools/auth-core is sent to the build',
    ]);
  });

  it('holds every package that the services and its own scripts import', () => {
    const { dependencies } = JSON.parse(readText('package.json')) as { dependencies: Record<string, string> };
    const sources = [
      ...files('apps').filter((file) => /^apps\/(?!e2e|web)[^/]+\/src\//.test(file)),
      ...files('libs').filter((file) => !file.startsWith('libs/testing/')),
    ];
    const scripts = files('tools/docker').filter((file) => file.endsWith('.mjs'));
    const imported = [
      ...sources.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts')),
      ...scripts,
    ].flatMap((file) => packagesOf(readText(file)));
    expect(imported).toEqual(expect.arrayContaining(['dbmate', '@nestjs/core']));
    expect([...new Set(imported)].filter((name) => !(name in dependencies))).toEqual([]);
  });

  it('is checked for imports of every form', () => {
    const source =
      "import 'a';\nimport { b } from '@b/c/d';\nconst e = await import('e');\nimport type { F } from 'f';\nimport g from 'node:g';\nexport * from './h.js';";
    expect(packagesOf(source)).toEqual(['a', '@b/c', 'e']);
  });
});

function files(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('generated'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
