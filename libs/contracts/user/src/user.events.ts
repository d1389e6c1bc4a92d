import { z } from 'zod';
import { event, Id, Timestamp } from '@fowergram/contracts-core';

/** `version` grows with each change of the same edge, so that a late event never undoes a newer one. */
const FollowEdge = z.object({ followerId: Id, followeeId: Id, version: z.number().int(), at: Timestamp });

export const userEvent = {
  followed: event('user.followed', FollowEdge),
  unfollowed: event('user.unfollowed', FollowEdge),
  profileUpdated: event('user.profile.updated', z.object({ userId: Id })),
};
