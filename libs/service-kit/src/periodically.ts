import type { Logger } from './logger.js';

export interface Periodic {
  /** Ends the repetition and waits for the run that is under way. */
  stop(): Promise<void>;
}

/** Repeats background work that must never run beside itself; a failure is logged, the next turn tries again. */
export function periodically(options: {
  name: string;
  everyMs: number;
  log: Logger;
  work: () => Promise<void>;
}): Periodic {
  const { name, everyMs, log, work } = options;
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch((error: unknown) => log.warn({ err: error, name }, 'background work failed, will be tried again'))
      .finally(() => (running = undefined));
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
