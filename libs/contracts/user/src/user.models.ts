import { z } from 'zod';
import {
  contentVersion,
  Id,
  MAX_USERNAME_LENGTH,
  MIN_USERNAME_LENGTH,
  nameUpTo,
  Text,
  textUpTo,
  Timestamp,
  withFewEntities,
} from '@fowergram/contracts-core';
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

export { MAX_USERNAME_LENGTH, MIN_USERNAME_LENGTH };
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
  .refine((name) => !RESERVED_SKELETONS.has(reservedSkeleton(name)), { error: 'This username is reserved.' })
  .meta({ pattern: '^[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*$' });

export const DisplayName = nameUpTo(MAX_DISPLAY_NAME_LENGTH, 'A display name');
export const Bio = withFewEntities(textUpTo(MAX_BIO_LENGTH, 'A bio'), 'A bio');

export const MAX_LINKS = 5;
export const MAX_LINK_LENGTH = 200;

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** The address of a page, as browsers write it; it has no name and password in front, which make one site look like another. */
export const Link = Text.trim()
  .max(MAX_LINK_LENGTH, { error: `A link has at most ${MAX_LINK_LENGTH} characters.` })
  .refine(isWebAddress, { error: 'A link is an address that begins with http:// or https://.' })
  .transform((text) => new URL(text).href)
  .refine((href) => href.length <= MAX_LINK_LENGTH, {
    error: `A link has at most ${MAX_LINK_LENGTH} characters, of which one that is not ASCII takes several.`,
  });

/** The length is looked at first, so that too many links cost nothing. */
export const Links = z
  .array(z.string())
  .max(MAX_LINKS, { error: `A profile has at most ${MAX_LINKS} links.` })
  .pipe(z.array(Link))
  .meta({
    items: { type: 'string', maxLength: MAX_LINK_LENGTH, pattern: '^\\s*[Hh][Tt][Tt][Pp][Ss]?:' },
  });

export const Profile = z.object({
  id: Id,
  username: z.string(),
  displayName: z.string(),
  bio: z.string(),
  avatarMediaId: Id.nullable(),
  links: z.array(z.string()),
  isVerified: z.boolean(),
  /** False: nobody else sees who follows the user, and whom the user follows. */
  showsFollowLists: z.boolean(),
  role: Role,
  /** Whoever wants to follow has to ask, and only followers see posts and lists. */
  isPrivate: z.boolean(),
  createdAt: Timestamp,
});
export type Profile = z.output<typeof Profile>;

/** The version of a profile: of what its owner changes, and nothing else. */
export const profileVersion = (profile: Profile): string =>
  contentVersion([
    profile.username,
    profile.displayName,
    profile.bio,
    profile.avatarMediaId,
    profile.links,
    profile.showsFollowLists,
    profile.isPrivate,
  ]);

export const UserCounts = z.object({ userId: Id, followerCount: z.number(), followingCount: z.number() });
export type UserCounts = z.output<typeof UserCounts>;

/** How the viewer stands to one user. */
export const Relationship = z.object({
  userId: Id,
  following: z.boolean(),
  /** The viewer waits to follow this user. */
  requested: z.boolean(),
  followedBy: z.boolean(),
  /** This user waits to follow the viewer. */
  requestedBy: z.boolean(),
  blocking: z.boolean(),
  /** The viewer wants to see no posts of this user in feeds, or no notifications of what they do, or neither. */
  muting: z.boolean(),
  /** The viewer counts this user among their close friends. */
  closeFriend: z.boolean(),
});
export type Relationship = z.output<typeof Relationship>;

/** Nobody follows more users than this, so that the list of followees always fits one message; requests that wait count, too. */
export const MAX_FOLLOWING = 7_500;

/** Nobody blocks, mutes, or has as close friends, more users than this. */
export const MAX_LISTED = 10_000;
