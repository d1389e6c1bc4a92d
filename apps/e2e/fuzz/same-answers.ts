import type { Answer } from './answer.js';

export const DIFFERENT = 'answers that differ';

interface Body {
  data?: unknown;
  errors?: { extensions?: { code?: string } }[];
}

/**
 * True when calls of one text have brought different things: the first calls of a query are interpreted, the later ones compiled,
 * and a client must not see that.
 */
export function areDifferent(answers: Answer[]): boolean {
  return new Set(answers.map(({ texts }) => texts.map(contentOf).join('\n'))).size > 1;
}

/** Where a field takes the whole list with it that it is in, an engine may name one of its failures or several: what failed is the same. */
function contentOf(text: string): string {
  const { data, errors = [] } = JSON.parse(text) as Body;
  return JSON.stringify([data, [...new Set(errors.map(({ extensions }) => extensions?.code))].sort()]);
}
