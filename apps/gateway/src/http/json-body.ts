import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '@fowergram/contracts-core';

type Done = (error: Error | null, body?: unknown) => void;
export type JsonParser = (request: FastifyRequest, text: string, done: Done) => void;

/**
 * The parser that Fastify has for bodies, which refuses what would change a prototype, for JSON whose keys are unambiguous: where one stands
 * twice in an object, whoever checked the text before may have read the other one.
 */
export function unambiguousJson(app: FastifyInstance): JsonParser {
  const parse = app.getDefaultJsonParser('error', 'error');
  return (request, text, done) =>
    void parse(request, text, (error, value: unknown) => {
      if (error) return done(error);
      if (repeatsKey(text, value))
        return done(new AppError('BAD_USER_INPUT', 'A key stands twice in an object of the JSON.'));
      done(null, value);
    });
}

/** True where a key stands twice in an object of this JSON. */
export const repeatsKey = (text: string, value: unknown): boolean => membersIn(value) < colonsOutsideStrings(text);

const colonsOutsideStrings = (text: string): number => text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;

/** Without recursion: what is nested deeply must not take the stack. */
function membersIn(value: unknown): number {
  let count = 0;
  const open = [value];
  while (open.length > 0) {
    const each = open.pop();
    if (typeof each !== 'object' || each === null) continue;
    const inside: unknown[] = Array.isArray(each) ? each : Object.values(each);
    if (!Array.isArray(each)) count += inside.length;
    for (const item of inside) open.push(item);
  }
  return count;
}
