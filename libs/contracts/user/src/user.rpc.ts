import { z } from 'zod';
import {
  command,
  ContentVersion,
  Id,
  idList,
  pageOf,
  query,
  severalVersions,
  TwoWayPageInput,
} from '@fowergram/contracts-core';
import { VisibilityChanges } from './relation.models.js';
import { Changed } from './relationship.rpc.js';
import { Bio, DisplayName, Links, MAX_FOLLOWING, Profile, Relationship, UserCounts, Username } from './user.models.js';

/** So many profiles with the longest bios and links still fit well into one message. */
const MAX_PROFILES = 200;

const Follow = z.object({ followerId: Id, followeeId: Id });
/** The list as the viewer may see it: without those whom they block or are blocked by, and empty where the list is not for them. */
const FollowList = { input: TwoWayPageInput.extend({ userId: Id, viewerId: Id.nullish() }), output: pageOf(Id) };

export const userRpc = {
  /** Makes the profile of a new account; the same account again gets its profile back, a taken name is CONFLICT. */
  createProfile: command('user.profile.create', {
    input: z.object({ userId: Id, username: Username }),
    output: Profile,
  }),
  updateProfile: command('user.profile.update', {
    input: z.object({
      userId: Id,
      username: Username.optional(),
      displayName: DisplayName.optional(),
      bio: Bio.optional(),
      avatarMediaId: Id.nullish(),
      links: Links.optional(),
      showsFollowLists: z.boolean().optional(),
      isPrivate: z.boolean().optional(),
      expectedVersion: ContentVersion.optional(),
      expectedVersions: severalVersions(ContentVersion),
    }),
    /** `changes` come where the caller has said whether the account is private. */
    output: Profile.extend({ changes: VisibilityChanges.optional() }),
  }),
  /** Only accounts that are ACTIVE are found, here and by name, and with a viewer only those that do not block them. */
  profilesByIds: query('user.profile.by-ids', {
    input: z.object({ ids: idList(MAX_PROFILES), viewerId: Id.nullish() }),
    output: z.array(Profile),
  }),
  profileByUsername: query('user.profile.by-username', {
    input: z.object({ username: z.string().max(100), viewerId: Id.nullish() }),
    output: Profile.nullable(),
  }),
  countsByIds: query('user.count.by-ids', { input: z.object({ ids: idList(1_000) }), output: z.array(UserCounts) }),

  /** Follows, or asks to where the account is private; twice is the same as once. NOT_FOUND at followeeId, BAD_USER_INPUT for oneself. */
  follow: command('user.follow.add', { input: Follow, output: Changed }),
  /** Withdraws a request that waits, too. */
  unfollow: command('user.follow.remove', { input: Follow, output: Changed }),
  relationships: query('user.follow.relationships', {
    input: z.object({ viewerId: Id, userIds: idList(1_000) }),
    output: z.array(Relationship),
  }),
  /** Empty for who may not see it, here and below. */
  followers: query('user.follow.followers', FollowList),
  following: query('user.follow.following', FollowList),
  /** Whom the user follows, and who follows back. */
  mutualFollows: query('user.follow.mutual', FollowList),
  /** One page of follower ids in id order, for fan-out; `afterId` continues after the last one. */
  followerIds: query('user.follow.follower-ids', {
    input: z.object({ userId: Id, afterId: Id.nullish(), limit: z.number().int().min(1).max(5_000) }),
    output: z.object({ ids: z.array(Id), hasMore: z.boolean() }),
  }),
  /** Everybody whom the user follows. */
  followeeIds: query('user.follow.followee-ids', {
    input: z.object({ userId: Id }),
    output: z.object({ ids: z.array(Id).max(MAX_FOLLOWING) }),
  }),
};
