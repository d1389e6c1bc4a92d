import { notFound } from '@fowergram/contracts-core';
import type { Profile } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';

/** The author of a post or a comment, at once when known; throws NOT_FOUND for one who is gone. */
export function getAuthor(authorId: string, context: RequestContext): Profile | Promise<Profile> {
  const author = context.loaders.users.get(authorId);
  return author instanceof Promise ? author.then(existing) : existing(author);
}

function existing(author: Profile | null): Profile {
  if (!author) throw notFound('user');
  return author;
}
