import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';

export interface Program {
  stop(): Promise<void>;
}

/** A TCP port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Starts a program of this test file's own; stop() ends it, and it never outlives the test process. */
export function startProgram(command: string, args: string[]): Program & { exited: Promise<number | null> } {
  const child = spawn(command, args, { stdio: 'ignore' });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
  exited.catch(() => undefined);
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  return { exited, stop: () => stop(child, exited, endWithUs) };
}

async function stop(child: ChildProcess, exited: Promise<unknown>, endWithUs: () => void): Promise<void> {
  process.off('exit', endWithUs);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await exited;
}
