import type { Event, Payload } from '@fowergram/contracts-core';
import { postEvent } from '@fowergram/contracts-post';
import { type Relation, userEvent } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';

/** An event with its payload, as the owner of the data publishes it. */
export interface BuiltEvent<E extends Event = Event> {
  event: E;
  payload: Payload<E>;
}

export interface Post {
  id: string;
  authorId: string;
}
export interface Comment {
  id: string;
  post: Post;
  authorId: string;
}

let lastVersion = 0;

/** Versions of later actions are higher, as the owners draw them. */
const stamp = (at: Date) => ({ version: ++lastVersion, at: at.toISOString() });
const built = <E extends Event>(event: E, payload: Payload<E>): BuiltEvent<E> => ({ event, payload });

export const postBy = (authorId: string): Post => ({ id: newId(), authorId });
export const commentBy = (authorId: string, post: Post): Comment => ({ id: newId(), post, authorId });

const likePayload = (likerId: string, post: Post, at: Date) => ({
  postId: post.id,
  authorId: post.authorId,
  likerId,
  ...stamp(at),
});
export const like = (likerId: string, post: Post, at = new Date()) =>
  built(postEvent.liked, likePayload(likerId, post, at));
export const unlike = (likerId: string, post: Post, at = new Date()) =>
  built(postEvent.unliked, likePayload(likerId, post, at));

const repostPayload = (reposterId: string, post: Post) => ({
  postId: post.id,
  authorId: post.authorId,
  reposterId,
  ...stamp(new Date()),
});
export const repost = (reposterId: string, post: Post, repostId?: string) =>
  built(postEvent.reposted, { ...repostPayload(reposterId, post), ...(repostId && { repostId }) });
export const unrepost = (reposterId: string, post: Post) =>
  built(postEvent.unreposted, repostPayload(reposterId, post));

const tagPayload = (taggedIds: string[], { id, authorId }: Post) => ({
  postId: id,
  authorId,
  taggedIds,
  ...stamp(new Date()),
});
export const tag = (taggedIds: string[], post: Post) => built(postEvent.tagged, tagPayload(taggedIds, post));
export const untag = (taggedIds: string[], post: Post) => built(postEvent.untagged, tagPayload(taggedIds, post));

const coAuthorPayload = (userId: string, { id, authorId }: Post) => ({
  postId: id,
  authorId,
  userId,
  ...stamp(new Date()),
});
export const inviteCoAuthor = (userId: string, post: Post) =>
  built(postEvent.coAuthorInvited, coAuthorPayload(userId, post));
export const acceptCoAuthorship = (userId: string, post: Post) =>
  built(postEvent.coAuthorAccepted, { ...coAuthorPayload(userId, post), createdAt: new Date().toISOString() });
export const endCoAuthorship = (userId: string, post: Post) =>
  built(postEvent.coAuthorEnded, coAuthorPayload(userId, post));

const commentPayload = ({ id, post, authorId }: Comment, at: Date) => ({
  commentId: id,
  postId: post.id,
  authorId: post.authorId,
  commenterId: authorId,
  ...stamp(at),
});
export const addComment = (comment: Comment, at = new Date(), isMuted = false) =>
  built(postEvent.commented, { ...commentPayload(comment, at), isMuted });
export const deleteComment = (comment: Comment, at = new Date(), answeredId: string | null = null) =>
  built(postEvent.commentDeleted, { ...commentPayload(comment, at), answeredId });
export const addReply = (comment: Comment, answeredId: string, isMuted = false) =>
  built(postEvent.commented, {
    ...commentPayload(comment, new Date()),
    isMuted: false,
    answered: { userId: answeredId, isMuted },
  });
export const likeComment = (likerId: string, comment: Comment) =>
  built(postEvent.commentLiked, { ...commentPayload(comment, new Date()), likerId });
export const unlikeComment = (likerId: string, comment: Comment) =>
  built(postEvent.commentUnliked, { ...commentPayload(comment, new Date()), likerId });

const mentionPayload = (mentionerId: string, mentionedIds: string[], post: Post, commentId: string | null) => ({
  postId: post.id,
  authorId: post.authorId,
  commentId,
  mentionerId,
  mentionedIds,
  ...stamp(new Date()),
});
export const mention = (mentionerId: string, mentionedIds: string[], post: Post, commentId: string | null = null) =>
  built(postEvent.mentioned, mentionPayload(mentionerId, mentionedIds, post, commentId));
export const unmention = (mentionerId: string, mentionedIds: string[], post: Post, commentId: string | null = null) =>
  built(postEvent.unmentioned, mentionPayload(mentionerId, mentionedIds, post, commentId));

export const follow = (followerId: string, followeeId: string, at = new Date()) =>
  built(userEvent.followed, { followerId, followeeId, ...stamp(at) });
export const unfollow = (followerId: string, followeeId: string, at = new Date()) =>
  built(userEvent.unfollowed, { followerId, followeeId, ...stamp(at) });

/** A post that was published is archived or deleted, or is back. */
export const movePost = (
  { id, authorId }: Post,
  state: Payload<typeof postEvent.stateChanged>['state'],
  version: number,
) => built(postEvent.stateChanged, { postId: id, authorId, state, version, createdAt: new Date().toISOString() });

export const deletePost = ({ id, authorId }: Post) => built(postEvent.deleted, { postId: id, authorId });

export const requestFollow = (followerId: string, followeeId: string, at = new Date()) =>
  built(userEvent.followRequested, { followerId, followeeId, ...stamp(at) });
export const endRequest = (followerId: string, followeeId: string, accepted = false, at = new Date()) =>
  built(userEvent.followRequestEnded, { followerId, followeeId, accepted, ...stamp(at) });
export const acceptFollow = (followerId: string, followeeId: string, at = new Date()) =>
  built(userEvent.followAccepted, { followerId, followeeId, ...stamp(at) });

/** How a viewer stands to an author from now on; what is not given is not so. */
export const relationOf = (viewerId: string, authorId: string, relation: Partial<Relation>): Relation => ({
  viewerId,
  authorId,
  version: ++lastVersion,
  follows: false,
  closeFriend: false,
  blocked: false,
  reported: false,
  postsMutedUntil: null,
  notificationsMutedUntil: null,
  ...relation,
});
