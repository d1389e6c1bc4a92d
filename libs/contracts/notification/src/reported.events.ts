import { type Event, type Payload, publicId } from '@fowergram/contracts-core';
import { postEvent } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import type { WebhookEventType } from './webhook.models.js';

/** What other back ends are notified of an event, with ids as clients know them. */
export interface Reported {
  data: Record<string, unknown>;
  /** The users whom it names. */
  userIds: string[];
}

export interface ReportedEvent {
  contract: Event;
  report: (payload: unknown) => Reported;
}

const reported = <E extends Event>(contract: E, report: (payload: Payload<E>) => Reported): ReportedEvent => ({
  contract,
  report: report as (payload: unknown) => Reported,
});

const user = (id: string) => publicId('user', id);
const post = (id: string) => publicId('post', id);
const comment = (id: string) => publicId('comment', id);

interface FollowIds {
  followerId: string;
  followeeId: string;
  version: number;
}
interface LikeIds {
  postId: string;
  authorId: string;
  likerId: string;
  version: number;
}
interface CommentIds {
  commentId: string;
  postId: string;
  authorId: string;
  commenterId: string;
}

const follow = ({ followerId, followeeId, version }: FollowIds): Reported => ({
  data: { followerId: user(followerId), followeeId: user(followeeId), version },
  userIds: [followerId, followeeId],
});
const like = ({ postId, authorId, likerId, version }: LikeIds): Reported => ({
  data: { postId: post(postId), authorId: user(authorId), likerId: user(likerId), version },
  userIds: [authorId, likerId],
});
const commentFact = ({ commentId, postId, authorId, commenterId }: CommentIds): Reported => ({
  data: {
    commentId: comment(commentId),
    postId: post(postId),
    authorId: user(authorId),
    commenterId: user(commenterId),
  },
  userIds: [authorId, commenterId],
});

/**
 * What webhooks are sent and Events/Watch shows, by its name there; whatever is not listed here, such as who mutes or reports whom, is
 * nobody's business.
 */
export const reportedEvent = {
  account_changed: reported(userEvent.accountChanged, ({ userId, role, status, isPrivate, version }) => ({
    data: { userId: user(userId), role, status, isPrivate, version },
    userIds: [userId],
  })),
  account_deleted: reported(userEvent.accountDeleted, ({ userId }) => ({
    data: { userId: user(userId) },
    userIds: [userId],
  })),
  profile_updated: reported(userEvent.profileUpdated, ({ userId }) => ({
    data: { userId: user(userId) },
    userIds: [userId],
  })),
  followed: reported(userEvent.followed, follow),
  unfollowed: reported(userEvent.unfollowed, follow),
  post_published: reported(postEvent.created, ({ postId, authorId, createdAt }) => ({
    data: { postId: post(postId), authorId: user(authorId), createTime: createdAt },
    userIds: [authorId],
  })),
  post_state_changed: reported(postEvent.stateChanged, ({ postId, authorId, state, version }) => ({
    data: { postId: post(postId), authorId: user(authorId), state, version },
    userIds: [authorId],
  })),
  post_deleted: reported(postEvent.deleted, ({ postId, authorId }) => ({
    data: { postId: post(postId), authorId: user(authorId) },
    userIds: [authorId],
  })),
  liked: reported(postEvent.liked, like),
  unliked: reported(postEvent.unliked, like),
  commented: reported(postEvent.commented, commentFact),
  comment_deleted: reported(postEvent.commentDeleted, commentFact),
} satisfies Record<WebhookEventType, ReportedEvent>;
