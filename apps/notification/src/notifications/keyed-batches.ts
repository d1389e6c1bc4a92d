import { AppError } from '@fowergram/contracts-core';
import { currentEnvelope } from '@fowergram/messaging';

const PARTITIONS = 4;
const BATCH_SIZE = 128;

interface Waiting<T> {
  item: T;
  deadlineAt: number;
  done: () => void;
  failed: (error: unknown) => void;
}

/**
 * Lets work for one key run one after another and, where it comes faster than it can be done, many at a time: what arrives while a
 * batch is under way is the next batch. A thousand likes for one user cost a few transactions and one connection of the pool.
 */
export class KeyedBatches<T> {
  private readonly partitions: Partition<T>[];

  constructor(work: (batch: T[]) => Promise<void>) {
    this.partitions = Array.from({ length: PARTITIONS }, () => new Partition(work));
  }

  /** Resolves when the item is done; items of one key never overtake each other. */
  add(key: string, item: T): Promise<void> {
    return this.partitions[hashOf(key) % PARTITIONS]!.add(item);
  }
}

class Partition<T> {
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
    while (this.waiting.length > 0) await this.process(inTime(this.waiting.splice(0, BATCH_SIZE)));
    this.isRunning = false;
  }

  private async process(batch: Waiting<T>[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      await this.work(batch.map(({ item }) => item));
      for (const { done } of batch) done();
    } catch (error) {
      if (batch.length === 1 || isTransient(error)) for (const { failed } of batch) failed(error);
      // One of them cannot be processed: alone, the others succeed.
      else for (const one of batch) await this.process([one]);
    }
  }
}

/** What waited beyond its deadline is being delivered again: doing it twice would only make the queue longer. */
function inTime<T>(batch: Waiting<T>[]): Waiting<T>[] {
  const late = batch.filter(({ deadlineAt }) => deadlineAt < Date.now());
  for (const { failed } of late) failed(new AppError('UNAVAILABLE', 'This waited too long to be processed.'));
  return late.length === 0 ? batch : batch.filter((one) => !late.includes(one));
}

const isTransient = (error: unknown): boolean => error instanceof AppError && error.code === 'UNAVAILABLE';

function hashOf(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index++) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) >>> 0;
  return hash;
}
