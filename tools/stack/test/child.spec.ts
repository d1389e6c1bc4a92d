import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childProcess } from '../child.mjs';
import type { Child, Ended } from '../child.mjs';
import { processIdentity } from '../identity.mjs';
import { temporaryFolder } from './folder.js';

const dataDir = temporaryFolder();
const children: Child[] = [];

function child(
  name: string,
  program: string,
  more: { readyWithinMs?: number; ready?: (pid: number) => Promise<unknown> } = {},
) {
  const one = childProcess({
    name,
    dataDir,
    readyWithinMs: more.readyWithinMs,
    launch: () => ({ command: process.execPath, args: ['-e', program], env: {} }),
    ready:
      more.ready ??
      (async (pid) => {
        if (!readFileSync(join(dataDir, 'logs', `${name}.log`), 'utf8').includes(`ready ${pid}`))
          throw new Error('not yet');
      }),
  });
  children.push(one);
  return one;
}

const lives = 'console.log("ready", process.pid); setInterval(() => undefined, 1000);';

afterAll(() => Promise.all(children.map((one) => one.stop({ patienceMs: 100 }))));

describe('a program that the stack starts', () => {
  it('that gives up at once is reported with its last words', async () => {
    await expect(child('gives-up', 'console.log("no disk left"); process.exit(7)').start()).rejects.toThrow(
      /gives-up did not start: it exited with code 7[\s\S]*no disk left/,
    );
  });

  it('that is not there is reported', async () => {
    const absent = childProcess({
      name: 'absent',
      dataDir,
      launch: () => ({ command: '/nonexistent/program', args: [] }),
      ready: async () => undefined,
    });
    await expect(absent.start()).rejects.toThrow(/absent did not start.*ENOENT/);
  });

  it('that never gets ready is ended, and says why it was not', async () => {
    const slow = child('slow', lives, { readyWithinMs: 300, ready: () => Promise.reject(new Error('answered 503')) });
    await expect(slow.start()).rejects.toThrow(/not ready within 0.3 s \(answered 503\)/);
    expect(slow.pid).toBeUndefined();
  });

  it('is reported when it ends unexpectedly, and not when its end was expected', async () => {
    const reported: Ended[] = [];
    const one = child('dies', lives);
    one.onUnexpectedEnd((ended) => reported.push(ended));
    await one.start();
    await one.stop();
    await one.start();
    await one.kill('SIGKILL');
    await one.start();
    expect(reported).toEqual([]);
    const end = new Promise<Ended>((resolve) => one.onUnexpectedEnd(resolve));
    process.kill(one.pid as number, 'SIGKILL');
    expect(await end).toMatchObject({
      name: 'dies',
      how: 'was ended by SIGKILL',
      lastLines: expect.stringMatching(/^ready \d+$/),
    });
  });

  it('that does not listen to SIGTERM is ended by force when its time is up', async () => {
    const deaf = child('deaf', `process.on("SIGTERM", () => undefined); ${lives}`);
    await deaf.start();
    const pid = deaf.pid as number;
    expect(existsSync(join(dataDir, 'pids', 'deaf.json'))).toBe(true);
    await deaf.stop({ patienceMs: 200 });
    expect(processIdentity(pid)).toBeUndefined();
    expect(existsSync(join(dataDir, 'pids', 'deaf.json'))).toBe(false);
  });
});
