import { AppError, badInput } from '@fowergram/contracts-core';
import type { LogRange } from '@fowergram/messaging';

const POSITION = /^([0-9a-z]{1,11})-(\d{1,15})$/;

/** Where a reader stands: behind the event with this number, in the log that was made then. */
export const positionOf = ({ madeAt }: Pick<LogRange, 'madeAt'>, sequence: number): string =>
  `${madeAt.getTime().toString(36)}-${sequence}`;

/** The number behind which to go on, which is the last one where no position is given. Throws BAD_USER_INPUT, and GAP when events are missing. */
export function sequenceOf(position: string, range: LogRange): number {
  if (position === '') return range.last;
  const [, madeAt, digits] = POSITION.exec(position) ?? [];
  if (madeAt === undefined) throw badInput(['after'], 'This is not a position of Watch.');
  const sequence = Number(digits);
  const isOfThisLog = madeAt === range.madeAt.getTime().toString(36) && sequence <= range.last;
  if (!isOfThisLog || sequence + 1 < range.first) throw eventsMissing();
  return sequence;
}

/** Makes the error for a reader who has missed events. */
export const eventsMissing = (): AppError =>
  new AppError('GAP', 'What came after this position is no longer stored: read anew, and watch from now on.', {
    reason: 'CURSOR_EXPIRED',
  });
