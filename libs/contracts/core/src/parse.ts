import type { z } from 'zod';
import { AppError } from './app-error.js';

/** Returns the parsed value, or throws BAD_USER_INPUT that points at the first invalid field. */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new AppError('BAD_USER_INPUT', issue?.message ?? 'The input is not valid.', {
    path: issue?.path.map((part) => (typeof part === 'symbol' ? String(part) : part)) ?? [],
  });
}
