import { GraphQLError } from 'graphql';
import { AppError } from '@fowergram/contracts-core';
import { type ReadBudget, READ_TOO_MUCH } from './read-budget.js';

/** Three times the largest screen of a client, and what a phone on a slow network still takes. */
export const MAX_ANSWER_BYTES = 1_000_000;
/** What one character of a text becomes at most as JSON: `\u0001`, one byte each. */
const MAX_BYTES_PER_CHARACTER = 6;
/** So many items of a list say which part of an answer is the largest. */
const SAMPLE = 100;

/** An executed operation, its errors as the engine throws them or as clients read them. */
interface Executed {
  data?: unknown;
  errors?: readonly { message: string; path?: readonly (string | number)[] | undefined }[] | undefined;
}

/**
 * The failure of an operation that reads or answers too much, in place of its answer; it names the part that makes it so large.
 * `bytes` are those of the answer, where it is written already.
 */
export function sizeFailure({ data, errors }: Executed, reads: ReadBudget, bytes?: number): GraphQLError | undefined {
  if (reads.isSpent) return tooLarge(READ_TOO_MUCH, errors?.find(({ message }) => message === READ_TOO_MUCH)?.path);
  const isOver = bytes === undefined ? isTooLarge(data) : bytes > MAX_ANSWER_BYTES;
  return isOver ? tooLarge('The answer would be larger than 1 MB', largestPart(data)) : undefined;
}

function isTooLarge(data: unknown): boolean {
  const least = leastBytes(data, MAX_ANSWER_BYTES);
  if (least * MAX_BYTES_PER_CHARACTER <= MAX_ANSWER_BYTES) return false;
  return least > MAX_ANSWER_BYTES || Buffer.byteLength(JSON.stringify(data)) > MAX_ANSWER_BYTES;
}

function tooLarge(what: string, path: readonly (string | number)[] = []): GraphQLError {
  const part = path.filter((name) => typeof name === 'string').join('.');
  const where = part === '' ? '' : `, most of it at ${part}`;
  const message = `${what}${where}: ask for shorter pages or fewer fields. What a mutation has changed stays changed.`;
  return new GraphQLError(message, {
    originalError: new AppError('BAD_USER_INPUT', message, { reason: 'ANSWER_TOO_LARGE' }),
  });
}

/** How many characters of JSON a value takes at least; counts no further than `limit`. */
function leastBytes(value: unknown, limit: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 1;
  let sum = 2;
  if (Array.isArray(value)) for (const item of value) sum += sum > limit ? 0 : 1 + leastBytes(item, limit - sum);
  else
    for (const name in value)
      sum += sum > limit ? 0 : name.length + 4 + leastBytes((value as Record<string, unknown>)[name], limit - sum);
  return sum;
}

/** The field under which most of the answer lies, as its names from the root. */
function largestPart(data: unknown): string[] {
  const path: string[] = [];
  for (let level = objectsIn(data), whole = Infinity; level.length > 0;) {
    const sizes = new Map<string, number>();
    for (const [name, value] of level.flatMap((object) => Object.entries(object)))
      sizes.set(name, (sizes.get(name) ?? 0) + leastBytes(value, MAX_ANSWER_BYTES));
    const [name, size] = [...sizes].reduce((largest, part) => (part[1] > largest[1] ? part : largest), ['', 0]);
    if (size < whole / 2 && path.length > 0) break;
    path.push(name);
    whole = size;
    level = level.flatMap((object) => objectsIn((object as Record<string, unknown>)[name])).slice(0, SAMPLE);
  }
  return path;
}

function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value) ? value.slice(0, SAMPLE).flatMap(objectsIn) : [value];
}
