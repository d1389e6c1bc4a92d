import { type Page, parseInput } from '@fowergram/contracts-core';
import { type Comment, type Post, postRpc } from '@fowergram/contracts-post';
import { type PageArgs, pageInput } from '../api/schema/connection.types.js';
import { nullIfMissing } from '../api/context/null-if-missing.js';
import type { RequestContext } from '../api/context/request-context.js';

/** A page of a post's comments; null when there is none. First pages of several posts are one look-up, a later page is of one post. */
export async function findComments(
  { id }: Post,
  args: PageArgs,
  context: RequestContext,
): Promise<Page<Comment> | null> {
  const input = parseInput(postRpc.comments.input, { postId: id, viewerId: context.viewerId, ...pageInput(args) });
  if (input.after != null) return nullIfMissing(context.ask(postRpc.comments, input));
  return (await context.loaders.commentsOfPosts(input.first).get(id))?.page ?? null;
}
