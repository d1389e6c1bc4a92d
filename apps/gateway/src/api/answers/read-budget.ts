import { AppError } from '@fowergram/contracts-core';

/** What the services may send for one operation: twice the largest answer, since they send whole posts and pictures. */
export const MAX_READ_BYTES = 2_000_000;
/** What may be under way for one operation, a page of 20 as one: half of a feed page with a list under each post. */
export const MAX_PARALLEL_READS = 10;
const PAGE_SIZE = 20;
export const READ_TOO_MUCH = 'More than 2 MB would have to be looked up for this';

/** Counts what the services send for one operation, before any of it is read; from the bound on nothing is asked for. */
export class ReadBudget {
  private left = MAX_READ_BYTES;
  private free = MAX_PARALLEL_READS;
  private readonly waiting: { share: number; start: () => void }[] = [];

  get isSpent(): boolean {
    return this.left < 0;
  }

  /** Counts the bytes of one answer; throws BAD_USER_INPUT when the operation has had its share. */
  readonly take = (bytes: number): void => {
    this.left -= bytes;
    if (this.isSpent) throw readTooMuch();
  };

  /**
   * Makes a call for so many items when its turn has come, since what is under way when the bound is met still arrives; throws
   * BAD_USER_INPUT in place of the call when the operation has had its share.
   */
  async run<T>(items: number, call: () => Promise<T>): Promise<T> {
    // One that is larger than all there is has its turn alone.
    const share = Math.min(MAX_PARALLEL_READS, Math.max(1, Math.ceil(items / PAGE_SIZE)));
    await this.turn(share);
    try {
      if (this.isSpent) throw readTooMuch();
      return await call();
    } finally {
      this.free += share;
      this.startNext();
    }
  }

  private turn(share: number): Promise<void> | undefined {
    if (this.waiting.length === 0 && share <= this.free) {
      this.free -= share;
      return undefined;
    }
    return new Promise((start) => this.waiting.push({ share, start }));
  }

  private startNext(): void {
    while (this.waiting[0] && this.waiting[0].share <= this.free) {
      const { share, start } = this.waiting.shift()!;
      this.free -= share;
      start();
    }
  }
}

const readTooMuch = (): AppError => new AppError('BAD_USER_INPUT', READ_TOO_MUCH, { reason: 'ANSWER_TOO_LARGE' });
