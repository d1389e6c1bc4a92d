import type { GraphQLResolveInfo } from 'graphql';
import type { Page } from '@fowergram/contracts-core';
import type { Comment } from '@fowergram/contracts-post';
import { type ConnectionOf, toConnection, type TwoWayPageArgs } from '../api/schema/connection.types.js';
import type { RequestContext } from '../api/context/request-context.js';
import { byVisibleAuthors } from '../posts/visible-authors.js';
import { findUserFields } from '../users/user-fields.js';

/** Of something that is deleted while it is read: it is shown once more, and does not take the page that it is on with it. */
const EMPTY_PAGE = { edges: [], hasNextPage: false };

/** Shows a page of comments; those whose authors are gone meanwhile are left out. */
export async function presentComments(
  page: Page<Comment> | null,
  args: TwoWayPageArgs,
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionOf<Comment>> {
  const connection = toConnection(page ?? EMPTY_PAGE, args);
  const comments = connection.edges.map(({ node }) => node);
  const authorIds = comments.map(({ authorId }) => authorId);
  const [shown] = await Promise.all([byVisibleAuthors(comments, context), findUserFields(authorIds, context, info)]);
  const visible = new Set(shown);
  return { ...connection, edges: connection.edges.filter(({ node }) => visible.has(node)) };
}
