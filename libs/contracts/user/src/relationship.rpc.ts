import { z } from 'zod';
import { command, Id, PageInput, pageOf, query, Timestamp } from '@fowergram/contracts-core';
import { VisibilityChanges } from './relation.models.js';
import { Relationship } from './user.models.js';

/** How the viewer stands to the other user after a command, and what it changed for the replicas. */
export const Changed = Relationship.extend({ changes: VisibilityChanges });
export type Changed = z.output<typeof Changed>;

const Pair = z.object({ viewerId: Id, userId: Id });
const Change = { input: Pair, output: Changed };
/** A list of the viewer's own, newest first; its cursors are good for this list of this viewer only. */
const List = { input: PageInput.extend({ viewerId: Id }), output: pageOf(Id) };

/**
 * What the viewer changes about how they and another user stand to each other. Again is the same as once. NOT_FOUND at userId for whom
 * the viewer cannot see, but for whatever takes something back: that works as long as there is something to take back.
 */
export const relationshipRpc = {
  acceptRequest: command('user.follow-request.accept', Change),
  rejectRequest: command('user.follow-request.reject', Change),
  /** Those who wait for the viewer; nobody while the viewer's account is not private. */
  requests: query('user.follow-request.received', List),
  /** Those for whom the viewer waits. */
  sentRequests: query('user.follow-request.sent', List),
  removeFollower: command('user.follow.remove-follower', Change),

  block: command('user.block.add', Change),
  /** Shows somebody again whom the viewer has reported, too. */
  unblock: command('user.block.remove', Change),
  blocked: query('user.block.list', List),

  /** Mutes what is said, and nothing else of this user any more; `until` ends it, null never does. */
  mute: command('user.mute.add', {
    input: Pair.extend({
      posts: z.boolean().default(true),
      notifications: z.boolean().default(true),
      until: Timestamp.nullish(),
    }),
    output: Changed,
  }),
  unmute: command('user.mute.remove', Change),
  muted: query('user.mute.list', List),

  addCloseFriend: command('user.close-friend.add', Change),
  removeCloseFriend: command('user.close-friend.remove', Change),
  closeFriends: query('user.close-friend.list', List),
};
