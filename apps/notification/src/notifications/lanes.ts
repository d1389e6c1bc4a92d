import { AppError } from '@fowergram/contracts-core';
import { currentEnvelope } from '@fowergram/messaging';

const LANES = 4;
const MAX_BATCH = 128;

interface Waiting<T> {
  item: T;
  deadlineAt: number;
  done: () => void;
  failed: (error: unknown) => void;
}

/**
 * Lets work for one key run one after another and, where it comes faster than it can be done, many at a time: what arrives while a
 * batch is under way is the next batch. A thousand likes for one person cost a few transactions and one connection of the pool.
 */
export class Lanes<T> {
  private readonly lanes: Lane<T>[];

  constructor(work: (batch: T[]) => Promise<void>) {
    this.lanes = Array.from({ length: LANES }, () => new Lane(work));
  }

  /** Resolves when the item is done; items of one key never overtake each other. */
  add(key: string, item: T): Promise<void> {
    return this.lanes[hashOf(key) % LANES]!.add(item);
  }
}

class Lane<T> {
  private waiting: Waiting<T>[] = [];
  private isRunning = false;

  constructor(private readonly work: (batch: T[]) => Promise<void>) {}

  add(item: T): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ item, deadlineAt: currentEnvelope()?.deadlineAt ?? Infinity, done, failed });
      if (this.isRunning) return;
      this.isRunning = true;
      // Not at once: what the same packet brought belongs into the first batch.
      queueMicrotask(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) await this.settle(inTime(this.waiting.splice(0, MAX_BATCH)));
    this.isRunning = false;
  }

  private async settle(batch: Waiting<T>[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      await this.work(batch.map(({ item }) => item));
      for (const { done } of batch) done();
    } catch (error) {
      if (batch.length === 1 || isPassing(error)) for (const { failed } of batch) failed(error);
      // One of them is at fault: alone, the others succeed.
      else for (const one of batch) await this.settle([one]);
    }
  }
}

/** What waited beyond its deadline is being delivered again: doing it twice would only make the queue longer. */
function inTime<T>(batch: Waiting<T>[]): Waiting<T>[] {
  const late = batch.filter(({ deadlineAt }) => deadlineAt < Date.now());
  for (const { failed } of late) failed(new AppError('UNAVAILABLE', 'This waited too long for its turn.'));
  return late.length === 0 ? batch : batch.filter((one) => !late.includes(one));
}

const isPassing = (error: unknown): boolean => error instanceof AppError && error.code === 'UNAVAILABLE';

function hashOf(key: string): number {
  let hash = 0;
  for (let place = 0; place < key.length; place++) hash = (Math.imul(hash, 31) + key.charCodeAt(place)) >>> 0;
  return hash;
}
