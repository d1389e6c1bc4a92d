import type { GraphQLResolveInfo } from 'graphql';
import type { Page } from '@fowergram/contracts-core';
import type { Profile } from '@fowergram/contracts-user';
import { type ConnectionOf, type TwoWayPageArgs, toConnection } from '../api/schema/connection.types.js';
import type { RequestContext } from '../api/context/request-context.js';
import { findUserFields } from './user-fields.js';

/** Shows a page of user ids; who is gone meanwhile is left out. */
export async function presentUsers(
  page: Page<string>,
  args: TwoWayPageArgs,
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionOf<Profile>> {
  const { pageInfo } = toConnection(page, args);
  const ids = page.edges.map(({ node }) => node);
  const look = Promise.all(ids.map((id) => context.loaders.users.get(id)));
  const [users] = await Promise.all([look, findUserFields(ids, context, info)]);
  return {
    pageInfo,
    edges: users.flatMap((node, index) => (node ? [{ cursor: page.edges[index]!.cursor, node }] : [])),
  };
}
