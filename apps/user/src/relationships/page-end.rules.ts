import type { Position } from '@fowergram/contracts-core';

// The end of the order of ids; no account has it. A first page is then the same statement, and the same plan, as any other.
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Where a page of a list begins that is ordered by (at, id), newest first: after this position, or at the newest. */
export const endOf = (after: Position | undefined): [at: Date | 'infinity', id: string] => [
  after?.at ?? 'infinity',
  after?.id ?? LAST_ID,
];
