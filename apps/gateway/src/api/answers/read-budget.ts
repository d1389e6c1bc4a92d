import { AppError } from '@fowergram/contracts-core';

/** What the services may send for one operation: four times the largest answer, since they send whole posts and pictures. */
export const MAX_READ_BYTES = 4_000_000;
export const READ_TOO_MUCH = 'More than 4 MB would have to be looked up for this';

/** Counts what the services send for one operation, before any of it is read; from the bound on nothing is asked for. */
export class ReadBudget {
  private left = MAX_READ_BYTES;

  get isSpent(): boolean {
    return this.left < 0;
  }

  /** Counts the bytes of one answer; throws BAD_USER_INPUT when the operation has had its share. */
  readonly take = (bytes: number): void => {
    this.left -= bytes;
    if (this.isSpent) throw readTooMuch();
  };
}

export const readTooMuch = (): AppError =>
  new AppError('BAD_USER_INPUT', READ_TOO_MUCH, { reason: 'ANSWER_TOO_LARGE' });
