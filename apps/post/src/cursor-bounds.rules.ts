import type { Position } from '@fowergram/contracts-core';

/** Positions before the first and after the last item of every list: a first page is then the same statement as any other. */
export const NEWEST: Position = {
  at: new Date('9999-12-31T23:59:59.999Z'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};
export const OLDEST: Position = { at: new Date(0), id: '00000000-0000-0000-0000-000000000000' };
