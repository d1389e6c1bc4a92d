import { z } from 'zod';
import { Id, textUpTo, Timestamp } from '@fowergram/contracts-core';
import { Role } from './account.models.js';

const RESERVED = new Set(
  'about account admin administrator api auth explore fowergram graphql health help login logout me media metrics moderator null playground post posts root security settings signin signup support system undefined user users www'.split(' '),
);

/** 3–30 ASCII letters, digits, dots and underscores; unique without regard to case; no reserved word. */
export const Username = z
  .string()
  .min(3, { error: 'A username has at least 3 characters.' })
  .max(30, { error: 'A username has at most 30 characters.' })
  .regex(/^[A-Za-z0-9._]+$/, { error: 'A username has only letters a–z, digits, dots and underscores.' })
  .regex(/^(?!\.)(?!.*\.\.).*(?<!\.)$/, { error: 'A username neither starts nor ends with a dot, nor has two in a row.' })
  .refine((name) => !RESERVED.has(name.toLowerCase()), { error: 'This username is reserved.' });

export const DisplayName = textUpTo(64, 'A display name');
export const Bio = textUpTo(500, 'A bio');

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

/** Nobody follows more people than this, so that the list of followees always fits one message. */
export const MAX_FOLLOWING = 7_500;
