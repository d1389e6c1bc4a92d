import { postRpc } from '@fowergram/contracts-post';
import { type Profile, type Relationship, type UserCounts, userRpc } from '@fowergram/contracts-user';
import { Batch } from '../api/context/batch.js';
import type { RequestContext } from '../api/context/request-context.js';

export function loadUsers(context: RequestContext): Batch<Profile> {
  const recent = context.shared.recentUsers;
  return new Batch({
    max: 250,
    idOf: (user) => user.id,
    peek: (id) => (context.hasWritten ? undefined : recent.get(id)),
    fetch: async (ids) => {
      const askedAt = performance.now();
      const users = await context.ask(userRpc.profilesByIds, { ids });
      for (const user of users) recent.keep(user, askedAt);
      return users;
    },
  });
}

export function loadCounts(context: RequestContext): Batch<UserCounts> {
  return new Batch({
    max: 1_000,
    idOf: (counts) => counts.userId,
    fetch: (ids) => context.ask(userRpc.countsByIds, { ids }),
  });
}

export function loadPostCounts(context: RequestContext): Batch<{ authorId: string; postCount: number }> {
  return new Batch({
    max: 1_000,
    idOf: (counts) => counts.authorId,
    fetch: (authorIds) => context.ask(postRpc.countsByAuthors, { authorIds }),
  });
}

export function loadRelationships(context: RequestContext): Batch<Relationship> {
  return new Batch({
    max: 1_000,
    idOf: (relationship) => relationship.userId,
    fetch: (userIds) => context.ask(userRpc.relationships, { viewerId: context.signedIn(), userIds }),
  });
}
