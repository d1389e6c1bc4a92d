import { createHash } from 'node:crypto';
import { z } from 'zod';
import { badInput } from './app-error.js';

export const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 20;

/** The forward page arguments of every list. */
export const PageInput = z.object({
  first: z
    .number()
    .int()
    .min(1, { error: 'first must be at least 1.' })
    .max(MAX_PAGE_SIZE, { error: `first must be at most ${MAX_PAGE_SIZE}.` })
    .default(DEFAULT_PAGE_SIZE),
  after: z.string().max(200).nullish(),
});

/** A page of a list: each edge has the cursor that continues after it. */
export const pageOf = <N extends z.ZodType>(node: N) =>
  z.object({ edges: z.array(z.object({ cursor: z.string(), node })), hasNextPage: z.boolean() });

export interface Edge<N> {
  cursor: string;
  node: N;
}
export interface Page<N> {
  edges: Edge<N>[];
  hasNextPage: boolean;
}

/** The position of an item in a list that is ordered by (at, id), newest first. */
export interface Position {
  at: Date;
  id: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Makes the opaque cursor of an item from its position; with a scope, one that is good for the list of that name only. */
export function encodePosition({ at, id }: Position, scope?: string): string {
  const parts = [at.getTime().toString(36), id, ...(scope === undefined ? [] : [tagOf(scope)])];
  return Buffer.from(parts.join('.')).toString('base64url');
}

/** Reads a cursor that encodePosition made for the same scope; throws BAD_USER_INPUT at `after` for anything else. */
export function decodePosition(cursor: string, scope?: string): Position {
  const [time = '', id = '', tag] = Buffer.from(cursor, 'base64url').toString('latin1').split('.');
  const at = new Date(/^[0-9a-z]{1,10}$/.test(time) ? parseInt(time, 36) : NaN);
  const isOfScope = tag === (scope === undefined ? undefined : tagOf(scope));
  if (Number.isNaN(at.getTime()) || !UUID.test(id) || !isOfScope)
    throw badInput(['after'], 'This is not a cursor of this list.', 'BAD_CURSOR');
  return { at, id };
}

/** Short, and enough to tell lists apart: it keeps nobody from making a cursor, who would read what is theirs to read anyway. */
const tagOf = (scope: string): string => createHash('sha256').update(scope).digest('base64url').slice(0, 8);

/** Makes the opaque cursor of an item of a numbered sequence. */
export function encodeSequence(sequence: number): string {
  return Buffer.from(`s.${sequence.toString(36)}`).toString('base64url');
}

/** Reads a cursor that encodeSequence made; throws BAD_USER_INPUT at `after` for anything else. */
export function decodeSequence(cursor: string): number {
  const match = /^s\.([0-9a-z]{1,10})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (!match) throw badInput(['after'], 'This is not a cursor of this list.', 'BAD_CURSOR');
  return parseInt(match[1]!, 36);
}

/** Makes the opaque cursor of a place in a list that is there for one viewer or one question only, which `scope` says. */
export function encodeScoped(scope: string, place: string): string {
  return Buffer.from(tagOf(scope) + place).toString('base64url');
}

/** Reads a cursor that encodeScoped made in the same scope; throws BAD_USER_INPUT at `after` for anything else. */
export function decodeScoped(scope: string, cursor: string, form: RegExp): RegExpExecArray {
  const [text, tag] = [Buffer.from(cursor, 'base64url').toString(), tagOf(scope)];
  const match = text.startsWith(tag) ? form.exec(text.slice(tag.length)) : null;
  if (!match) throw badInput(['after'], 'This is not a cursor of this list.', 'BAD_CURSOR');
  return match;
}

/** Cuts `first + 1` fetched rows into a page, so that hasNextPage needs no second query. */
export function toPage<R, N>(rows: R[], first: number, toEdge: (row: R) => Edge<N>): Page<N> {
  return { edges: rows.slice(0, first).map(toEdge), hasNextPage: rows.length > first };
}
