import type { Page } from '@fowergram/contracts-core';
import type { Profile } from '@fowergram/contracts-user';
import { type ConnectionOf, type PageArgs, toConnection } from '../api/schema/connection.types.js';
import type { RequestContext } from '../api/context/request-context.js';

/** Shows a page of user ids; who is gone meanwhile is left out. */
export async function presentUsers(
  page: Page<string>,
  args: PageArgs,
  context: RequestContext,
): Promise<ConnectionOf<Profile>> {
  const { pageInfo } = toConnection(page, args);
  const users = await Promise.all(page.edges.map(({ node }) => context.loaders.users.get(node)));
  return {
    pageInfo,
    edges: users.flatMap((node, index) => (node ? [{ cursor: page.edges[index]!.cursor, node }] : [])),
  };
}
