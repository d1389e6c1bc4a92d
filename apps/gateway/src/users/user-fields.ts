import type { GraphQLResolveInfo } from 'graphql';
import type { RequestContext } from '../api/context/request-context.js';
import { selectedFields } from '../api/schema/selected-fields.js';

/**
 * Looks up what the fields of a list of users need, where they are asked for, before the engine executes the list: it then finds
 * everything at hand. What cannot be looked up now is the failure of those fields, which will say so themselves.
 */
export function findUserFields(
  ids: readonly string[],
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<unknown> | undefined {
  const selected = selectedFields(info);
  const { counts, postCounts, relationships } = context.loaders;
  const wanted: unknown[] = [];
  if (selected.has('followerCount') || selected.has('followingCount')) wanted.push(counts.many(ids));
  if (selected.has('postCount')) wanted.push(postCounts.many(ids));
  if (selected.has('relationship') && context.viewerId !== null)
    wanted.push(relationships.many(ids.filter((id) => id !== context.viewerId)));
  return wanted.length === 0 ? undefined : Promise.allSettled(wanted);
}
