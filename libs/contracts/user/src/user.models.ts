import { z } from 'zod';
import { Id, nameUpTo, textUpTo, Timestamp } from '@fowergram/contracts-core';
import { Role } from './account.models.js';

const RESERVED =
  'about account admin administrator api auth explore fowergram graphql health help login logout me media metrics moderator null official playground post posts root security settings signin signup staff support system undefined user users www';

/** A name without regard to case: two names that differ in case only are one. Names are ASCII, so no locale has a say. */
export const foldedUsername = (name: string): string => name.toLowerCase();

/** The confusable skeleton of a name: a capital I and 1 become l, 0 becomes o, rn m, vv w. Names with one skeleton are one name. */
export function usernameSkeleton(name: string): string {
  return foldedUsername(name.replaceAll('I', 'l'))
    .replaceAll('1', 'l')
    .replaceAll('0', 'o')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}

/** Stricter than usernameSkeleton: dots, underscores and the difference of i and l do not make a reserved word somebody's name. */
const reservedSkeleton = (name: string): string => usernameSkeleton(name.replace(/[._]/g, '')).replaceAll('i', 'l');

const RESERVED_SKELETONS = new Set(RESERVED.split(' ').map(reservedSkeleton));

export const MIN_USERNAME_LENGTH = 3;
export const MAX_USERNAME_LENGTH = 30;
export const MAX_DISPLAY_NAME_LENGTH = 64;
export const MAX_BIO_LENGTH = 500;

/** ASCII letters, digits, dots and underscores; unique without regard to case and to letters that look alike; no reserved word. */
export const Username = z
  .string()
  .min(MIN_USERNAME_LENGTH, { error: `A username has at least ${MIN_USERNAME_LENGTH} characters.` })
  .max(MAX_USERNAME_LENGTH, { error: `A username has at most ${MAX_USERNAME_LENGTH} characters.` })
  .regex(/^[A-Za-z0-9._]+$/, { error: 'A username has only letters a–z, digits, dots and underscores.' })
  .regex(/^(?!\.)(?!.*\.\.).*(?<!\.)$/, {
    error: 'A username neither starts nor ends with a dot, nor has two in a row.',
  })
  .refine((name) => !RESERVED_SKELETONS.has(reservedSkeleton(name)), { error: 'This username is reserved.' });

export const DisplayName = nameUpTo(MAX_DISPLAY_NAME_LENGTH, 'A display name');
export const Bio = textUpTo(MAX_BIO_LENGTH, 'A bio');

export const Profile = z.object({
  id: Id,
  username: z.string(),
  displayName: z.string(),
  bio: z.string(),
  avatarMediaId: Id.nullable(),
  role: Role,
  createdAt: Timestamp,
});
export type Profile = z.output<typeof Profile>;

export const UserCounts = z.object({ userId: Id, followerCount: z.number(), followingCount: z.number() });
export type UserCounts = z.output<typeof UserCounts>;

/** How the viewer stands to one user. */
export const Relationship = z.object({ userId: Id, following: z.boolean(), followedBy: z.boolean() });
export type Relationship = z.output<typeof Relationship>;

/** Nobody follows more users than this, so that the list of followees always fits one message. */
export const MAX_FOLLOWING = 7_500;
