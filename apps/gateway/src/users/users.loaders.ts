import { postRpc } from '@fowergram/contracts-post';
import { type Profile, type Relationship, type UserCounts, userRpc } from '@fowergram/contracts-user';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';
import type { RequestContext } from '../api/context/request-context.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** Whoever is named by something that the viewer sees. */
    users: Batch<Profile>;
    /** Whoever is named by the viewer; only for a signed-in one. */
    namedUsers: Batch<Profile>;
    counts: Batch<UserCounts>;
    postCounts: Batch<{ authorId: string; postCount: number }>;
    /** How the viewer stands to others; only for a signed-in viewer. */
    relationships: Batch<Relationship>;
  }
}

export const userLoaders: LoaderFactories<'users' | 'namedUsers' | 'counts' | 'postCounts' | 'relationships'> = {
  users: loadUsers,
  namedUsers: (context) =>
    new Batch({
      max: 200,
      idOf: (user) => user.id,
      fetch: (ids) => context.lookUp(userRpc.profilesByIds, { ids, viewerId: context.signedIn() }),
    }),
  counts: (context) =>
    new Batch({
      max: 1_000,
      idOf: (counts) => counts.userId,
      fetch: (ids) => context.lookUp(userRpc.countsByIds, { ids }),
    }),
  postCounts: (context) =>
    new Batch({
      max: 1_000,
      idOf: (counts) => counts.authorId,
      fetch: (authorIds) => context.lookUp(postRpc.countsByAuthors, { authorIds }),
    }),
  relationships: (context) =>
    new Batch({
      max: 1_000,
      idOf: (relationship) => relationship.userId,
      fetch: (userIds) => context.lookUp(userRpc.relationships, { viewerId: context.signedIn(), userIds }),
    }),
};

function loadUsers(context: RequestContext): Batch<Profile> {
  const cache = context.shared.userCache;
  return new Batch({
    max: 200,
    idOf: (user) => user.id,
    peek: (id) => (context.hasWritten ? undefined : cache.get(id)),
    fetch: async (ids) => {
      const askedAt = performance.now();
      const users = await context.lookUpHeld(userRpc.profilesByIds, { ids });
      for (const user of users) cache.store(user, askedAt);
      return users;
    },
  });
}
