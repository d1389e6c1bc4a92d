import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

export interface Program {
  stop(): Promise<void>;
}

export interface StartedProgram extends Program {
  exited: Promise<number | null>;
  /** Sends it a signal, such as SIGSTOP. */
  signal(name: NodeJS.Signals): void;
}

// Below the ports that systems give to outgoing connections: one of those would take the port before its server starts.
const FIRST_PORT = 10_240;
const LAST_PORT = 32_000;

/** A TCP port of loopback that was free a moment ago, and that no outgoing connection takes. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Starts a program of this test file's own; stop() ends it, and it never outlives the test process. */
export function startProgram(command: string, args: string[], env: NodeJS.ProcessEnv = {}): StartedProgram {
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
  exited.catch(() => undefined);
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  return { exited, signal: (name) => void child.kill(name), stop: () => stop(child, exited, endWithUs) };
}

async function stop(child: ChildProcess, exited: Promise<unknown>, endWithUs: () => void): Promise<void> {
  process.off('exit', endWithUs);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await exited;
}
