import { type EventContent, type EventMessage, timestampOf } from '@fowergram/contracts-grpc';
import { postEvent } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { type LoggedEvent, logged } from '@fowergram/messaging';
import { globalId } from '../../api/schema/global-id.js';

const user = (id: string) => globalId('user', id);
const post = (id: string) => globalId('post', id);
const comment = (id: string) => globalId('comment', id);

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

const follow = ({ followerId, followeeId, version }: FollowIds) => ({
  followerId: user(followerId),
  followeeId: user(followeeId),
  version,
});
const like = ({ postId, authorId, likerId, version }: LikeIds) => ({
  postId: post(postId),
  authorId: user(authorId),
  likerId: user(likerId),
  version,
});
const commentOf = ({ commentId, postId, authorId, commenterId }: CommentIds) => ({
  commentId: comment(commentId),
  postId: post(postId),
  authorId: user(authorId),
  commenterId: user(commenterId),
});

/** What other back ends hear of; whatever is not listed here, such as who mutes or reports whom, is nobody's business. */
const views = [
  logged(userEvent.accountChanged, ({ userId, role, status, isPrivate, version }) => ({
    accountChanged: { userId: user(userId), role, status, isPrivate, version },
  })),
  logged(userEvent.accountDeleted, ({ userId }) => ({ accountDeleted: { userId: user(userId) } })),
  logged(userEvent.profileUpdated, ({ userId }) => ({ profileUpdated: { userId: user(userId) } })),
  logged(userEvent.followed, (edge) => ({ followed: follow(edge) })),
  logged(userEvent.unfollowed, (edge) => ({ unfollowed: follow(edge) })),
  logged(postEvent.created, ({ postId, authorId, createdAt }) => ({
    postPublished: { postId: post(postId), authorId: user(authorId), createTime: timestampOf(Date.parse(createdAt)) },
  })),
  logged(postEvent.stateChanged, ({ postId, authorId, state, version }) => ({
    postStateChanged: {
      postId: post(postId),
      authorId: user(authorId),
      state: `POST_STATE_${state}` as const,
      version,
    },
  })),
  logged(postEvent.deleted, ({ postId, authorId }) => ({
    postDeleted: { postId: post(postId), authorId: user(authorId) },
  })),
  logged(postEvent.liked, (edge) => ({ liked: like(edge) })),
  logged(postEvent.unliked, (edge) => ({ unliked: like(edge) })),
  logged(postEvent.commented, (fact) => ({ commented: commentOf(fact) })),
  logged(postEvent.commentDeleted, (fact) => ({ commentDeleted: commentOf(fact) })),
];

const viewOf = new Map(views.map(({ subject, show }) => [subject, show as (payload: unknown) => EventContent]));

/** An event of the log as it is sent; undefined for one that is not for others, or not of these kinds. */
export function presentEvent(event: LoggedEvent, kinds: ReadonlySet<string>): EventMessage | undefined {
  const content = viewOf.get(event.subject)?.(event.payload);
  if (!content) return undefined;
  const kind = kindOf(content);
  if (kinds.size > 0 && !kinds.has(kind)) return undefined;
  return { ...content, id: event.id, kind, storeTime: timestampOf(event.storedAt.getTime()) };
}

/** EVENT_KIND_POST_PUBLISHED for postPublished. */
const kindOf = (content: EventContent): string =>
  `EVENT_KIND_${Object.keys(content)[0]!
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase()}`;
