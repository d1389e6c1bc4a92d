import { publicId } from '@fowergram/contracts-core';
import type { WebhookEventType } from '@fowergram/contracts-notification';
import { postEvent } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { type LoggedEvent, logged } from '@fowergram/messaging';

/** What is said of an event. */
export interface ReportedEvent {
  id: string;
  event: WebhookEventType;
  data: Record<string, unknown>;
  /** The users whom it names. */
  userIds: string[];
  happenedAt: Date;
}

type Reported = Pick<ReportedEvent, 'event' | 'data' | 'userIds'>;

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

const follow =
  (event: WebhookEventType) =>
  ({ followerId, followeeId, version }: FollowIds): Reported => ({
    event,
    data: { followerId: user(followerId), followeeId: user(followeeId), version },
    userIds: [followerId, followeeId],
  });
const like =
  (event: WebhookEventType) =>
  ({ postId, authorId, likerId, version }: LikeIds): Reported => ({
    event,
    data: { postId: post(postId), authorId: user(authorId), likerId: user(likerId), version },
    userIds: [authorId, likerId],
  });
const commentFact =
  (event: WebhookEventType) =>
  ({ commentId, postId, authorId, commenterId }: CommentIds): Reported => ({
    event,
    data: {
      commentId: comment(commentId),
      postId: post(postId),
      authorId: user(authorId),
      commenterId: user(commenterId),
    },
    userIds: [authorId, commenterId],
  });

/** The events that Events/Watch shows by gRPC, with the same facts; whatever is not listed here is nobody's business. */
const views = [
  logged(userEvent.accountChanged, ({ userId, role, status, isPrivate, version }): Reported => ({
    event: 'account_changed',
    data: { userId: user(userId), role, status, isPrivate, version },
    userIds: [userId],
  })),
  logged(userEvent.accountDeleted, ({ userId }): Reported => ({
    event: 'account_deleted',
    data: { userId: user(userId) },
    userIds: [userId],
  })),
  logged(userEvent.profileUpdated, ({ userId }): Reported => ({
    event: 'profile_updated',
    data: { userId: user(userId) },
    userIds: [userId],
  })),
  logged(userEvent.followed, follow('followed')),
  logged(userEvent.unfollowed, follow('unfollowed')),
  logged(postEvent.created, ({ postId, authorId, createdAt }): Reported => ({
    event: 'post_published',
    data: { postId: post(postId), authorId: user(authorId), createTime: createdAt },
    userIds: [authorId],
  })),
  logged(postEvent.stateChanged, ({ postId, authorId, state, version }): Reported => ({
    event: 'post_state_changed',
    data: { postId: post(postId), authorId: user(authorId), state, version },
    userIds: [authorId],
  })),
  logged(postEvent.deleted, ({ postId, authorId }): Reported => ({
    event: 'post_deleted',
    data: { postId: post(postId), authorId: user(authorId) },
    userIds: [authorId],
  })),
  logged(postEvent.liked, like('liked')),
  logged(postEvent.unliked, like('unliked')),
  logged(postEvent.commented, commentFact('commented')),
  logged(postEvent.commentDeleted, commentFact('comment_deleted')),
];

const viewOf = new Map(views.map(({ subject, show }) => [subject, show]));

/** What webhooks are sent of an event of the log; undefined for one that is not for others. */
export function reportedEvent({ id, subject, payload, storedAt }: LoggedEvent): ReportedEvent | undefined {
  const reported = viewOf.get(subject)?.(payload);
  return reported && { id, ...reported, happenedAt: storedAt };
}

/** What says that something is to be deleted is reported also of users who are erased. */
export const TELLS_OF_DELETION: readonly WebhookEventType[] = ['account_deleted', 'post_deleted'];
