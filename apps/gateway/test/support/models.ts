import { randomBytes } from 'node:crypto';
import type { Media } from '@fowergram/contracts-media';
import type { Post } from '@fowergram/contracts-post';
import type { AccountState, Changed, Profile, Relation, Relationship } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';

export const aProfile = (given: Partial<Profile> = {}): Profile => ({
  id: newId(),
  username: `p_${randomBytes(6).toString('hex')}`,
  displayName: '',
  bio: '',
  avatarMediaId: null,
  links: [],
  isVerified: false,
  showsFollowLists: true,
  role: 'USER',
  isPrivate: false,
  createdAt: '2026-11-21T09:30:00.000Z',
  ...given,
});

export const aRelationship = (given: Partial<Relationship> = {}): Relationship => ({
  userId: newId(),
  following: false,
  requested: false,
  followedBy: false,
  requestedBy: false,
  blocking: false,
  muting: false,
  closeFriend: false,
  ...given,
});

export const aRelation = (given: Partial<Relation> = {}): Relation => ({
  viewerId: newId(),
  authorId: newId(),
  version: 1,
  follows: false,
  closeFriend: false,
  blocked: false,
  reported: false,
  postsMutedUntil: null,
  notificationsMutedUntil: null,
  ...given,
});

/** What a command about a relationship answers that changed nothing for the replicas. */
export const changed = (given: Partial<Relationship> = {}): Changed => ({
  ...aRelationship(given),
  changes: { relations: [], accounts: [] },
});

export const anAccountState = (given: Partial<AccountState> = {}): AccountState => ({
  userId: newId(),
  role: 'USER',
  status: 'ACTIVE',
  suspendedUntil: null,
  secondFactor: 'OFF',
  version: 0,
  ...given,
});

export const aPost = (given: Partial<Post> = {}): Post => ({
  id: newId(),
  code: 'Xf9-sR_2aQk',
  authorId: newId(),
  caption: 'A day at the sea #sun',
  mediaIds: [newId()],
  hashtags: ['sun'],
  location: null,
  commentsDisabled: false,
  commentPolicy: 'EVERYONE',
  isSensitive: false,
  contentWarning: null,
  state: 'PUBLISHED',
  version: 1,
  audience: 'PUBLIC',
  likeCount: 5,
  commentCount: 1,
  viewerHasLiked: false,
  saveCount: 3,
  repostOf: null,
  repostCount: 2,
  createdAt: '2026-11-21T09:30:00.000Z',
  editedAt: null,
  publishAt: null,
  ...given,
});

export const aPicture = (given: Partial<Media> = {}): Media => ({
  id: newId(),
  ownerId: newId(),
  kind: 'IMAGE',
  status: 'READY',
  rejectionCode: null,
  rejectionReason: null,
  urlsExpireAt: '2026-01-01T02:00:00.000Z',
  altText: null,
  width: 2_000,
  height: 1_000,
  blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
  variants: [320, 640, 1_080].map((width) => ({
    name: `w${width}`,
    url: `http://store.example/${given.id ?? 'x'}/${width}.webp`,
    width,
    height: width / 2,
    contentType: 'image/webp',
    byteSize: width * 10,
  })),
  createdAt: '2026-11-21T09:30:00.000Z',
  ...given,
});
