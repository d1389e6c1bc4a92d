import { badInput } from '@fowergram/contracts-core';
import type { Sensitivity } from '@fowergram/contracts-post';

interface Given {
  isSensitive?: boolean | undefined;
  contentWarning?: string | null | undefined;
}

/** What a post becomes by what its author says; a warning makes it sensitive, and goes when it is not sensitive any more. */
export function sensitivityOf(
  { isSensitive, contentWarning }: Given,
  before: Sensitivity = { isSensitive: false, contentWarning: null },
): Sensitivity {
  if (isSensitive === false && contentWarning)
    throw badInput(['contentWarning'], 'Only a sensitive post has a content warning.');
  if (isSensitive === false) return { isSensitive, contentWarning: null };
  const warning = contentWarning === undefined ? before.contentWarning : contentWarning || null;
  return { isSensitive: (isSensitive ?? before.isSensitive) || warning !== null, contentWarning: warning };
}
