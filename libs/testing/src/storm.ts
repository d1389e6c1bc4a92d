import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@fowergram/contracts-core';

const RETRY_AFTER_MS = 25;

/**
 * Lets so many callers at once work through a list, each with the next item when it is done. As apps do it, what a busy or restarting
 * service did not answer is said again.
 */
export async function storm<T>(
  callers: number,
  items: Iterable<T>,
  work: (item: T, caller: number) => Promise<unknown>,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let next = waiting.next(); !next.done; next = waiting.next()) {
        const item = next.value;
        await untilAnswered(() => work(item, caller));
      }
    }),
  );
}

async function untilAnswered(work: () => Promise<unknown>): Promise<void> {
  for (;;)
    try {
      return void (await work());
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'UNAVAILABLE') throw error;
      await pause(RETRY_AFTER_MS);
    }
}
