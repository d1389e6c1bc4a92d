export interface Ended {
  name: string;
  how: string;
  lastLines: string;
  logFile: string;
}

/** A program of ours: a store of the stack, the auth core, or a service. */
export interface Child {
  readonly name: string;
  readonly logFile: string;
  readonly pid: number | undefined;
  readonly bootMs: number;
  start(): Promise<void>;
  stop(options?: { patienceMs?: number }): Promise<void>;
  restart(): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  ready(): Promise<unknown>;
  onUnexpectedEnd(watcher: (ended: Ended) => void): void;
}

export function killEverything(): void;
export function stopEverything(): Promise<void>;
export function childProcess(spec: {
  name: string;
  dataDir: string;
  logFile?: string;
  stopSignal?: NodeJS.Signals;
  readyWithinMs?: number;
  startAttempts?: number;
  beforeStart?: () => Promise<void>;
  launch: () => { command: string; args: string[]; env?: NodeJS.ProcessEnv; cwd?: string; uid?: number; gid?: number };
  ready: (pid: number) => Promise<unknown>;
}): Child;
