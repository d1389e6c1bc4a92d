import { encodePosition, type Page, type Position, type Reading, toPageOf } from '@fowergram/contracts-core';
import type { Direction } from './directions.js';

/** So many rows of a list a statement looks at, whoever may see them: one account alone can have made very many. */
export const LOOKED_AT = 500;

/** A page ends where so many stretches did not fill it, and the next one goes on there: reading on would take as long as the list is. */
const MAX_STRETCHES = 5;

/** What is shown of a stretch of a list, and the row at its end, shown or not; undefined where the list ends in it. */
export interface Stretch<R> {
  rows: R[];
  end: R | undefined;
}

/** A row that is shown, or behind which a stretch ends, or both. */
export interface StretchRow {
  isShown: boolean;
  isEnd: boolean;
}

export const stretchOf = <R extends StretchRow>(rows: R[]): Stretch<R> => ({
  rows: rows.filter(({ isShown }) => isShown),
  end: rows.find(({ isEnd }) => isEnd),
});

/**
 * The same of a list that an outer join has found: one row of nulls says that it is empty, and no row that there is no such list, which is
 * null.
 */
export const stretchOfList = <R extends StretchRow & { id: string }>(rows: (R | { id: null })[]): Stretch<R> | null =>
  rows.length === 0 ? null : stretchOf(rows.filter((row): row is R => row.id !== null));

/** A place of a list by time, as a statement with selectStretch answers it. */
export type StretchPlace = Position & StretchRow;

/**
 * Selects a stretch of a list: of `candidates`, a query of (id, at) in its order, those that meet a condition about `looked.id`, at most so
 * many, and the one that is looked at last.
 */
export const selectStretch = (candidates: string, isShown: string, way: Direction, limit: string): string => `
    select id, at, is_end as "isEnd", (not is_end or ${isShown}) as "isShown" from (
      select id, at, row_number() over (order by at ${way.order}, id ${way.order}) = ${LOOKED_AT} as is_end
      from (${candidates} limit ${LOOKED_AT}) candidate
    ) looked
    where is_end or ${isShown} order by at ${way.order}, id ${way.order} limit ${limit}`;

/** Reads a page of the ids of a list by time; null where there is no such list. */
export async function readIds(
  reading: Reading,
  read: (next: Reading) => Promise<Stretch<Position>>,
): Promise<Page<string>>;
export async function readIds(
  reading: Reading,
  read: (next: Reading) => Promise<Stretch<Position> | null>,
): Promise<Page<string> | null>;
export async function readIds(
  reading: Reading,
  read: (next: Reading) => Promise<Stretch<Position> | null>,
): Promise<Page<string> | null> {
  const found = await readStretches(reading, read, (place) => place);
  if (!found) return null;
  const edgeOf = (place: Position) => ({ cursor: encodePosition(place), node: place.id });
  return toPageOf(found.rows, reading, edgeOf, found.end && encodePosition(found.end));
}

/** Reads a page of a list, one row more than it has at most, in stretches; null where the first of them is, since there is no such list. */
export async function readStretches<R, K>(
  reading: Reading<K>,
  read: (next: Reading<K>) => Promise<Stretch<R>>,
  keyOf: (row: R) => K,
): Promise<Stretch<R>>;
export async function readStretches<R, K>(
  reading: Reading<K>,
  read: (next: Reading<K>) => Promise<Stretch<R> | null>,
  keyOf: (row: R) => K,
): Promise<Stretch<R> | null>;
export async function readStretches<R, K>(
  reading: Reading<K>,
  read: (next: Reading<K>) => Promise<Stretch<R> | null>,
  keyOf: (row: R) => K,
): Promise<Stretch<R> | null> {
  const page: Stretch<R> = { rows: [], end: undefined };
  let from: K | undefined = reading.from;
  for (let count = 0; count < MAX_STRETCHES && from !== undefined && page.rows.length <= reading.size; count++) {
    const stretch = await read({ ...reading, from, size: reading.size - page.rows.length });
    if (!stretch) return null;
    page.rows.push(...stretch.rows);
    page.end = stretch.end;
    from = stretch.end && keyOf(stretch.end);
  }
  return page;
}
