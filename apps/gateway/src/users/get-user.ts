import { notFound } from '@fowergram/contracts-core';
import type { Profile } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';

/** The user whom something belongs to, at once when known; throws NOT_FOUND for one who is gone. */
export function getUser(userId: string, context: RequestContext): Profile | Promise<Profile> {
  const user = context.loaders.users.get(userId);
  return user instanceof Promise ? user.then(existing) : existing(user);
}

function existing(user: Profile | null): Profile {
  if (!user) throw notFound('user');
  return user;
}
