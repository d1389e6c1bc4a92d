import type { GraphQLResolveInfo } from 'graphql';
import type { Page } from '@fowergram/contracts-core';
import type { Post } from '@fowergram/contracts-post';
import { type ConnectionOf, type TwoWayPageArgs, toConnection } from '../api/schema/connection.types.js';
import type { RequestContext } from '../api/context/request-context.js';
import { selectedFields } from '../api/schema/selected-fields.js';
import { findUserFields } from '../users/user-fields.js';

/**
 * Shows a page of posts. Authors and media are looked up here, side by side and before the engine executes the page, so that a post
 * whose author is gone is left out, asked for or not, and does not empty the page, and so that the engine finds everything at hand.
 */
export async function presentPosts(
  page: Page<Post>,
  args: TwoWayPageArgs,
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionOf<Post>> {
  const connection = toConnection(page, args);
  const selected = selectedFields(info);
  const { users, media } = context.loaders;
  const authorIds = page.edges.map(({ node }) => node.authorId);
  const authors = users.many(authorIds);
  const pictures = selected.has('media') ? media.many(page.edges.flatMap(({ node }) => node.mediaIds)) : undefined;
  // What cannot be looked up now is the failure of that field, which will say so itself; it is not a reason to fail the page.
  const fields = selected.has('author') ? findUserFields(authorIds, context, info) : undefined;
  const marks = findMarks(page.edges, selected, context);
  if (authors instanceof Promise || pictures instanceof Promise || fields || marks.length > 0)
    await Promise.allSettled([authors, pictures, fields, ...marks]);
  connection.edges = connection.edges.filter(({ node }) => !users.isMissing(node.authorId));
  return connection;
}

/** What the viewer has done with the posts besides liking them. */
function findMarks(
  edges: Page<Post>['edges'],
  selected: Set<string>,
  { viewerId, loaders }: RequestContext,
): unknown[] {
  if (viewerId === null) return [];
  const marks: unknown[] = [];
  if (selected.has('viewerHasSaved')) marks.push(loaders.savedPosts.many(edges.map(({ node }) => node.id)));
  if (selected.has('viewerHasReposted'))
    marks.push(loaders.repostedPosts.many(edges.map(({ node }) => node.repostOf ?? node.id)));
  return marks;
}
