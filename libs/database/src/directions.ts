import type { ReadingWay } from '@fowergram/contracts-core';

/** How a statement reads a list that goes from high keys to low ones: what comes after a position, and in which order it comes. */
export interface Direction {
  behind: '<' | '>';
  order: 'desc' | 'asc';
}

/** From the beginning of the list on. */
export const FORWARD: Direction = { behind: '<', order: 'desc' };
/** From the end of the list back. */
export const BACKWARD: Direction = { behind: '>', order: 'asc' };

/** The statements that read a list, one for each way. */
export type BothWays = Record<ReadingWay, string>;
