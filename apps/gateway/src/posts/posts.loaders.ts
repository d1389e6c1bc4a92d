import { type Comment, type Post, postRpc } from '@fowergram/contracts-post';
import { Batch } from '../api/context/batch.js';
import type { RequestContext } from '../api/context/request-context.js';
import { byVisibleAuthors } from './visible-authors.js';

/** The owner leaves out what this viewer may not see; nothing is shared between viewers. */
export function loadPosts(context: RequestContext): Batch<Post> {
  return new Batch({
    max: 200,
    idOf: (post) => post.id,
    fetch: async (ids) =>
      byVisibleAuthors(await context.ask(postRpc.byIds, { viewerId: context.viewerId, ids }), context),
  });
}

export function loadComments(context: RequestContext): Batch<Comment> {
  return new Batch({
    max: 200,
    idOf: (comment) => comment.id,
    fetch: async (ids) => byVisibleAuthors(await context.ask(postRpc.commentsByIds, { ids }), context),
  });
}
