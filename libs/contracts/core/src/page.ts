import { z } from 'zod';
import { badInput } from './app-error.js';
import { idPart, type KeyPart, keyset, numberPart, timePart } from './keyset.js';

export const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 20;

const size = (name: string) =>
  z
    .number()
    .int()
    .min(0, { error: `${name} must be at least 0.` })
    .max(MAX_PAGE_SIZE, { error: `${name} must be at most ${MAX_PAGE_SIZE}.` });
const cursor = z.string().max(200).nullish();

/** The forward page arguments of every list. */
export const PageInput = z.object({ first: size('first').default(DEFAULT_PAGE_SIZE), after: cursor });

/** The page arguments of a list that can be read from both of its ends. */
export const TwoWayPageInput = z.object({
  first: size('first').optional(),
  after: cursor,
  last: size('last').optional(),
  before: cursor,
});

/**
 * A page of a list: each edge has the cursor that continues behind it. Of a page that was read backwards, hasNextPage tells what is before.
 * `next` is the cursor that continues where this is not the one of the outermost edge: more was looked at than is shown.
 */
export const pageOf = <N extends z.ZodType>(node: N) =>
  z.object({
    edges: z.array(z.object({ cursor: z.string(), node })),
    hasNextPage: z.boolean(),
    next: z.string().optional(),
  });

export interface Edge<N> {
  cursor: string;
  node: N;
}
export interface Page<N> {
  edges: Edge<N>[];
  hasNextPage: boolean;
  next?: string | undefined;
}

/** The position of an item in a list that is ordered by (at, id), newest first. */
export interface Position {
  at: Date;
  id: string;
}

/** Positions before the first and after the last item of every list: a first page is then the same statement as any other. */
export const NEWEST: Position = {
  at: new Date('9999-12-31T23:59:59.999Z'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};
export const OLDEST: Position = { at: new Date(0), id: '00000000-0000-0000-0000-000000000000' };

/** Cursors of lists that are ordered by (at, id). */
export const { cursorOf: encodePosition, keyOf: decodePosition } = keyset<Position>({ at: timePart, id: idPart });

/** With a mark, since any short text is a number. */
const sequencePart: KeyPart<number> = {
  write: (sequence) => `s.${numberPart.write(sequence)}`,
  read: (text) => (text.startsWith('s.') ? numberPart.read(text.slice(2)) : undefined),
};
const sequences = keyset<{ sequence: number }>({ sequence: sequencePart });

/** Makes the cursor of an item of a numbered sequence. */
export const encodeSequence = (sequence: number): string => sequences.cursorOf({ sequence });

/** Reads a cursor that encodeSequence made; throws BAD_USER_INPUT at the argument for anything else. */
export const decodeSequence = (cursor: string, argument?: 'after' | 'before'): number =>
  sequences.keyOf(cursor, argument).sequence;

/** Which way a page is read: from the beginning of its list on, or from the end back. */
export type ReadingWay = 'forward' | 'backward';

/** A page to read: `size` items at most, behind `from` in its way. */
export interface Reading<K = Position> {
  way: ReadingWay;
  from: K;
  size: number;
}

type TwoWayPage = z.output<typeof TwoWayPageInput>;

/** What to read of a list that goes from `first` to `last` by its key; throws BAD_USER_INPUT where both ways are asked for at once. */
export function readingOf<K>(
  { first, after, last, before }: TwoWayPage,
  keyOf: (cursor: string, argument: 'after' | 'before') => K,
  ends: { first: K; last: K },
): Reading<K> {
  if (last === undefined && before == null)
    return { way: 'forward', from: after ? keyOf(after, 'after') : ends.first, size: first ?? DEFAULT_PAGE_SIZE };
  if (first !== undefined) throw badInput(['first'], 'Read one way at a time: first with after, or last with before.');
  if (after != null) throw badInput(['after'], 'Read one way at a time: first with after, or last with before.');
  return { way: 'backward', from: before ? keyOf(before, 'before') : ends.last, size: last ?? DEFAULT_PAGE_SIZE };
}

/** What to read of a list that is ordered by (at, id), newest first. */
export const readingByTime = (page: TwoWayPage): Reading =>
  readingOf(page, decodePosition, { first: NEWEST, last: OLDEST });

/** The same of a list that is read from its beginning on alone. */
export const readingOnByTime = ({ first, after }: z.output<typeof PageInput>): Reading => ({
  way: 'forward',
  from: after ? decodePosition(after) : NEWEST,
  size: first,
});

/** Cuts `first + 1` fetched rows into a page, so that hasNextPage needs no second query. */
export function toPage<R, N>(rows: R[], first: number, toEdge: (row: R) => Edge<N>): Page<N> {
  return { edges: rows.slice(0, first).map(toEdge), hasNextPage: rows.length > first };
}

/**
 * Cuts the edges that a bounded reading has found, `first + 1` at most, into a page. A page that is not full goes on at `next`, up to
 * where the reading has looked; undefined at the end of the list.
 */
export function toPageUpTo<N>(edges: Edge<N>[], first: number, next: string | undefined): Page<N> {
  const page = toPage(edges, first, (edge) => edge);
  return page.hasNextPage || next === undefined ? page : { ...page, hasNextPage: true, next };
}

/**
 * Cuts `size + 1` rows, fetched in the way of the reading, into a page, which has the order of its list either way. A page that is not full
 * goes on at `next`, where there is one.
 */
export function toPageOf<K, R, N>(
  rows: R[],
  { way, size }: Reading<K>,
  toEdge: (row: R) => Edge<N>,
  next?: string,
): Page<N> {
  const page = toPageUpTo(rows.map(toEdge), size, next);
  return way === 'forward' ? page : { ...page, edges: page.edges.reverse() };
}
