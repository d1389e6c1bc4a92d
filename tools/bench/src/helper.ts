import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of the bench itself, beside those under test. */
export interface Helper {
  pid: number;
  ask<A>(message: object): Promise<A>;
  stop(): Promise<void>;
}

/** Starts a compiled module of the bench as a process; see serveParent for its other end. */
export function startHelper(module: URL): Helper {
  const child = fork(module, { serialization: 'advanced', execArgv: ['--enable-source-maps'] });
  if (!child.pid) throw new Error(`${module.pathname} could not be started.`);
  return {
    pid: child.pid,
    async ask<A>(message: object): Promise<A> {
      const answer = new Promise<{ value: A } | { error: string }>((resolve, reject) => {
        const onExit = (code: number | null) =>
          reject(new Error(`${module.pathname} ended with ${code} before it answered.`));
        child.once('exit', onExit);
        child.once('message', (message: { value: A } | { error: string }) => {
          child.off('exit', onExit);
          resolve(message);
        });
      });
      child.send(message);
      const result = await answer;
      if ('error' in result) throw new Error(result.error);
      return result.value;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
