import type { Profile } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';

/**
 * The user whom a client names by id: null for one who blocks the viewer. Whoever is named by something that the viewer sees, such as a
 * post, is found by the loader of users, since the owner of that has decided already.
 */
export const findUser = (id: string, { loaders, viewerId }: RequestContext): Profile | null | Promise<Profile | null> =>
  (viewerId === null ? loaders.users : loaders.namedUsers).get(id);
