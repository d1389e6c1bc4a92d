import type { RequestContext } from '../api/context/request-context.js';

/**
 * Leaves out what was written by users whose account is not visible now. The owner of the posts leaves it out as well, a moment
 * later; while nobody can tell who is seen, that is what counts.
 */
export async function byVisibleAuthors<T extends { authorId: string }>(
  items: T[],
  { loaders: { users } }: RequestContext,
): Promise<T[]> {
  const authors = users.many(items.map(({ authorId }) => authorId));
  if (authors instanceof Promise) await Promise.allSettled([authors]);
  return items.filter(({ authorId }) => !users.isMissing(authorId));
}
