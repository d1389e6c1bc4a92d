import { isDeepStrictEqual } from 'node:util';
import { AppError, badInput } from '@fowergram/contracts-core';
import { type Profile, Username } from '@fowergram/contracts-user';

/** What users may change about themselves; a field that is absent stays as it is. */
export interface ProfileChange {
  username?: string | undefined;
  displayName?: string | undefined;
  bio?: string | undefined;
  avatarMediaId?: string | null | undefined;
  links?: string[] | undefined;
  showsFollowLists?: boolean | undefined;
  isPrivate?: boolean | undefined;
}

const CHANGEABLE = [
  'username',
  'displayName',
  'bio',
  'avatarMediaId',
  'links',
  'showsFollowLists',
  'isPrivate',
] as const;

/** The profile after the change, or undefined when it says nothing new. */
export function changed(profile: Profile, change: ProfileChange): Profile | undefined {
  const news = CHANGEABLE.filter(
    (field) => change[field] !== undefined && !isDeepStrictEqual(change[field], profile[field]),
  );
  if (news.length === 0) return undefined;
  return { ...profile, ...Object.fromEntries(news.map((field) => [field, change[field]])) };
}

/** Throws for the one character that Postgres cannot store in a text. */
export function requireStorable({ displayName, bio }: ProfileChange): void {
  for (const [field, text] of Object.entries({ displayName, bio })) {
    if (text?.includes('\u0000')) throw badInput([field], `${field} contains a character that is not allowed.`);
  }
}

/** False for what nobody can be called; such a name needs no look-up. */
export const mayBeUsername = (name: string): boolean => Username.safeParse(name).success;

export function usernameTaken(): AppError {
  return new AppError('CONFLICT', 'This username is taken.', { path: ['username'], reason: 'USERNAME_TAKEN' });
}
