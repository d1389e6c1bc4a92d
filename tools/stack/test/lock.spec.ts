import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@fowergram/testing';
import { endRestOfGroup, isAlive, processIdentity } from '../identity.mjs';
import { lockFolder } from '../lock.mjs';
import { silent, temporaryFolder } from './folder.js';

const folder = temporaryFolder();
const children: ChildProcess[] = [];

function sleeper() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  children.push(child);
  return { pid: child.pid as number, identity: processIdentity(child.pid as number) };
}

function writeDown(dataDir: string, file: string, content: unknown) {
  mkdirSync(join(dataDir, 'pids'), { recursive: true });
  writeFileSync(join(dataDir, file), JSON.stringify(content));
}

/** A leader that starts a program, says which one, and ends at once. */
async function endedLeader() {
  const start = `const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    process.stdout.write(String(child.pid), () => process.exit());`;
  const leader = spawn(process.execPath, ['-e', start], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  let said = '';
  leader.stdout.on('data', (chunk: Buffer) => (said += String(chunk)));
  await once(leader, 'close');
  return { leader: leader.pid as number, left: { pid: Number(said), identity: processIdentity(Number(said)) } };
}

afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

describe('a data folder', () => {
  it('has one owner at a time', async () => {
    const dataDir = join(folder, 'owned');
    const owner = sleeper();
    writeDown(dataDir, 'lock.json', owner);
    await expect(lockFolder(dataDir, { log: silent, what: 'npm start' })).rejects.toThrow(
      `npm start is already running here (process ${owner.pid}).`,
    );
  });

  it('is free again after its release', async () => {
    const dataDir = join(folder, 'released');
    const release = await lockFolder(dataDir, { log: silent, what: 'npm start' });
    expect(existsSync(join(dataDir, 'lock.json'))).toBe(true);
    release();
    expect(existsSync(join(dataDir, 'lock.json'))).toBe(false);
  });

  it('is taken over after kill -9 of its owner, and what that left running is stopped', async () => {
    const dataDir = join(folder, 'left');
    const orphan = sleeper();
    writeDown(dataDir, 'lock.json', { pid: 2 ** 22 - 1, identity: 'gone' });
    writeDown(dataDir, 'pids/redis.json', { name: 'redis', stopSignal: 'SIGTERM', ...orphan });
    const said: string[] = [];
    const release = await lockFolder(dataDir, { log: (line) => said.push(line), what: 'npm start' });
    expect(isAlive(orphan)).toBe(false);
    expect(said).toEqual(['stopping what an earlier run left: redis']);
    release();
  });

  it('is taken over without touching a stranger that has the number of a process of ours by now', async () => {
    const dataDir = join(folder, 'stranger');
    const stranger = sleeper();
    writeDown(dataDir, 'pids/redis.json', {
      name: 'redis',
      stopSignal: 'SIGTERM',
      pid: stranger.pid,
      identity: 'of another life',
    });
    writeDown(dataDir, 'lock.json', { pid: stranger.pid, identity: 'of another life' });
    const release = await lockFolder(dataDir, { log: silent, what: 'npm start' });
    expect(isAlive(stranger)).toBe(true);
    release();
  });

  it('is not locked for ever by a lock that was cut off while being written', async () => {
    const dataDir = join(folder, 'half');
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'lock.json'), '{"pid": 12');
    (await lockFolder(dataDir, { log: silent, what: 'npm start' }))();
  });
});

describe('a process group', () => {
  it('is ended with what its leader has left, and once more without harm', async () => {
    const { leader, left } = await endedLeader();
    expect(isAlive(left)).toBe(true);
    endRestOfGroup(leader);
    await eventually(() => !isAlive(left));
    endRestOfGroup(leader);
  });
});
