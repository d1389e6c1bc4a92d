import { AppError } from '@fowergram/contracts-core';

/** What the services may send for one operation: twice the largest answer, since they send whole posts and pictures. */
export const MAX_READ_BYTES = 2_000_000;
/** A page of 20 posts with a list under each; what is under way when the bound is met still arrives, and costs nearly as much as what is read. */
export const MAX_PARALLEL_READS = 20;
export const READ_TOO_MUCH = 'More than 2 MB would have to be looked up for this';

/** Counts what the services send for one operation, before any of it is read; from the bound on nothing is asked for. */
export class ReadBudget {
  private left = MAX_READ_BYTES;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  get isSpent(): boolean {
    return this.left < 0;
  }

  /** Counts the bytes of one answer; throws BAD_USER_INPUT when the operation has had its share. */
  readonly take = (bytes: number): void => {
    this.left -= bytes;
    if (this.isSpent) throw readTooMuch();
  };

  /** Makes a call when its turn has come; throws BAD_USER_INPUT in place of it when the operation has had its share. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.running < MAX_PARALLEL_READS) this.running++;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      if (this.isSpent) throw readTooMuch();
      return await call();
    } finally {
      // Whoever waits takes the place over.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}

const readTooMuch = (): AppError => new AppError('BAD_USER_INPUT', READ_TOO_MUCH, { reason: 'ANSWER_TOO_LARGE' });
