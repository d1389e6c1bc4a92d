import { notFound } from '@fowergram/contracts-core';
import type { Profile } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';
import { whenKnown } from '../api/context/when-known.js';

/** The user whom something belongs to, at once when known; throws NOT_FOUND for one who is gone. */
export function getUser(userId: string, context: RequestContext): Profile | Promise<Profile> {
  return whenKnown(context.loaders.users.get(userId), existing);
}

function existing(user: Profile | null): Profile {
  if (!user) throw notFound('user');
  return user;
}
