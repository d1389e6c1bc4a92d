import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, installWithApt, isAtLeast, requirePrograms } from '../programs.mjs';
import { silent, temporaryFolder } from './folder.js';

const folder = temporaryFolder();
const debianAsRoot = { apt: true, brew: false, root: true };
const debianAsUser = { apt: true, brew: false, root: false };

/** A folder with programs that say a version, in place of the whole PATH. */
function machine(name: string, programs: Record<string, string>) {
  const bin = join(folder, name);
  mkdirSync(bin, { recursive: true });
  const add = (program: string, says: string) =>
    writeFileSync(join(bin, program), `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
  for (const [program, says] of Object.entries(programs)) add(program, says);
  return { env: { PATH: bin }, folders: [], add };
}

describe('a program that a stack needs', () => {
  it.each([
    ['15.18', [15], true],
    ['14.9', [15], false],
    ['2.9.10', [2, 9], true],
    ['2.10.1', [2, 9], true],
    ['2.8.4', [2, 9], false],
    ['7.0.15', [7], true],
  ])('is judged by its version: %s against %j is %s', (version, least, enough) =>
    expect(isAtLeast(version, least)).toBe(enough),
  );

  it('is found by the words it says about its version', () => {
    const { env, folders } = machine('all', {
      postgres: 'postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)',
      'redis-server': 'Redis server v=7.0.15 sha=00000000:0',
      'nats-server': 'nats-server: v2.9.10',
    });
    expect(findProgram('postgres', { env, folders }).version).toBe('15.18');
    expect(findProgram('redis', { env, folders }).version).toBe('7.0.15');
    expect(findProgram('nats', { env, folders }).version).toBe('2.9.10');
  });

  it('is taken from another folder when the first one is too old', () => {
    const old = machine('old-first', { postgres: 'postgres (PostgreSQL) 13.4' });
    const recent = machine('new-second', { postgres: 'postgres (PostgreSQL) 16.1' });
    const found = findProgram('postgres', { env: old.env, folders: [recent.env.PATH] });
    expect(found).toMatchObject({ path: join(recent.env.PATH, 'postgres'), version: '16.1' });
  });

  it('is asked of an ordinary user by the exact command, with Docker as the other way', () => {
    const bare = machine('bare-user', { 'redis-server': 'Redis server v=7.0.15' });
    const start = () => requirePrograms(['postgres', 'redis', 'nats'], { log: silent, ...bare, system: debianAsUser });
    expect(start).toThrow(/sudo apt-get install -y postgresql nats-server/);
    expect(start).toThrow(/docker compose up/);
    expect(start).toThrow(/postgres, version 15 or newer/);
  });

  it('is installed by apt-get for root on Debian when it is missing, and nothing else is', () => {
    const bare = machine('bare-root', { 'redis-server': 'Redis server v=7.0.15' });
    const asked: string[][] = [];
    const install = (packages: string[]) => {
      asked.push(packages);
      bare.add('nats-server', 'nats-server: v2.9.10');
    };
    const found = requirePrograms(['redis', 'nats'], { log: silent, ...bare, system: debianAsRoot, install });
    expect(asked).toEqual([['nats-server']]);
    expect(found.nats?.version).toBe('2.9.10');
  });

  it('that is too old is somebody’s: it is named, not replaced', () => {
    const bare = machine('too-old', { postgres: 'postgres (PostgreSQL) 13.4' });
    const install = () => {
      throw new Error('must not be called');
    };
    expect(() => requirePrograms(['postgres'], { log: silent, ...bare, system: debianAsRoot, install })).toThrow(
      /is 13.4: too old/,
    );
  });

  it('that apt-get brought and is still too old is named', () => {
    const bare = machine('apt-old', {});
    const install = () => bare.add('nats-server', 'nats-server: v2.7.4');
    expect(() => requirePrograms(['nats'], { log: silent, ...bare, system: debianAsRoot, install })).toThrow(
      /nats-server is 2.7.4: too old/,
    );
  });
});

describe('an installation by apt-get', () => {
  const policyFile = join(folder, 'policy-rc.d');

  it('lets no service start, and leaves the machine as it was', () => {
    const seen: string[] = [];
    const run = (args: string[], env: NodeJS.ProcessEnv) => {
      seen.push(`${args[0]} ${readFileSync(policyFile, 'utf8').includes('exit 101')} ${env.RUNLEVEL}`);
      return { ok: true, lastLines: '' };
    };
    installWithApt(['redis-server'], {
      log: silent,
      policyFile,
      run,
      disable: (packages) => seen.push(`disable ${packages}`),
    });
    expect(seen).toEqual(['install true 1', 'disable redis-server']);
    expect(existsSync(policyFile)).toBe(false);
  });

  it('refreshes stale package lists once', () => {
    const seen: string[] = [];
    installWithApt(['redis-server'], {
      log: silent,
      policyFile,
      disable: silent,
      run: ([verb = '']) => {
        seen.push(verb);
        return { ok: seen.length === 3, lastLines: '' };
      },
    });
    expect(seen).toEqual(['install', 'update', 'install']);
  });

  it('explains a failure and leaves no guard', () => {
    const install = () =>
      installWithApt(['nats-server'], {
        log: silent,
        policyFile,
        disable: silent,
        run: () => ({ ok: false, lastLines: 'E: Unable to locate package nats-server' }),
      });
    expect(install).toThrow(/Unable to locate package nats-server/);
    expect(existsSync(policyFile)).toBe(false);
  });

  it('does not touch a policy that the machine has of its own', () => {
    writeFileSync(policyFile, '#!/bin/sh\nexit 0\n');
    installWithApt(['redis-server'], {
      log: silent,
      policyFile,
      disable: silent,
      run: () => ({ ok: true, lastLines: '' }),
    });
    expect(readFileSync(policyFile, 'utf8')).toContain('exit 0');
  });
});
