import { setTimeout as pause } from 'node:timers/promises';
import { eventually, freePort, startProgram, type StartedProgram } from '@fowergram/testing';
import type { World } from '../world.js';

const PAUSE_MS = 100;

/** The post service once more, in a process that can be paused and killed. One thing is done to it at a time. */
export class SecondProcess {
  private program: StartedProgram;
  private isBusy = false;

  private constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly port: number,
  ) {
    this.program = this.launch();
  }

  static async start(world: World): Promise<SecondProcess> {
    const port = await freePort();
    const second = new SecondProcess({ ...world.env, OPERATOR_PORT: String(port), LOG_LEVEL: 'silent' }, port);
    await second.untilReady();
    return second;
  }

  /** Ends it at once, whatever it has in hand, and starts it again. */
  kill(): Promise<void> {
    return this.alone(async () => {
      await this.program.stop();
      this.program = this.launch();
      await this.untilReady();
    });
  }

  /** Whoever waits for an answer of it waits longer. */
  pause(): Promise<void> {
    return this.alone(async () => {
      this.program.signal('SIGSTOP');
      await pause(PAUSE_MS);
      this.program.signal('SIGCONT');
    });
  }

  async stop(): Promise<void> {
    await eventually(() => !this.isBusy);
    await this.program.stop();
  }

  private async alone(work: () => Promise<void>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    await work().finally(() => (this.isBusy = false));
  }

  private launch() {
    return startProgram(process.execPath, ['dist/apps/post/src/main.js'], this.env);
  }

  private async untilReady(): Promise<void> {
    await eventually(async () => (await fetch(`http://127.0.0.1:${this.port}/health/ready`)).ok);
  }
}
