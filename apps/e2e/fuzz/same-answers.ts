import type { Answer } from './answer.js';

export const DIFFERENT = 'answers that differ';

interface Body {
  data?: unknown;
  errors?: { message: string; path?: unknown; extensions?: { code?: string } }[];
}

/**
 * True when calls of one text have brought different things: the first calls of a query are interpreted, the later ones compiled,
 * and a client must not see that.
 */
export function areDifferent(answers: Answer[]): boolean {
  return new Set(answers.map(({ texts }) => texts.map(contentOf).join('\n'))).size > 1;
}

/** Errors of fields that fail at once come in any order. */
function contentOf(text: string): string {
  const { data, errors = [] } = JSON.parse(text) as Body;
  const failures = errors.map(({ message, path, extensions }) => JSON.stringify([path, extensions?.code, message]));
  return JSON.stringify([data, failures.sort()]);
}
