import type { Event, Payload } from '@fowergram/contracts-core';
import { postEvent } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';

/** Something that somebody did, as the event that its owner publishes. */
export interface Deed<E extends Event = Event> {
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

/** Versions of later deeds are higher, as the owners draw them. */
const stamp = (at: Date) => ({ version: ++lastVersion, at: at.toISOString() });
const deed = <E extends Event>(event: E, payload: Payload<E>): Deed<E> => ({ event, payload });

export const postBy = (authorId: string): Post => ({ id: newId(), authorId });
export const commentBy = (authorId: string, post: Post): Comment => ({ id: newId(), post, authorId });

const likeEdge = (likerId: string, post: Post, at: Date) => ({
  postId: post.id,
  authorId: post.authorId,
  likerId,
  ...stamp(at),
});
export const like = (likerId: string, post: Post, at = new Date()) =>
  deed(postEvent.liked, likeEdge(likerId, post, at));
export const unlike = (likerId: string, post: Post, at = new Date()) =>
  deed(postEvent.unliked, likeEdge(likerId, post, at));

const commentFact = ({ id, post, authorId }: Comment, at: Date) => ({
  commentId: id,
  postId: post.id,
  authorId: post.authorId,
  commenterId: authorId,
  ...stamp(at),
});
export const say = (comment: Comment, at = new Date()) => deed(postEvent.commented, commentFact(comment, at));
export const unsay = (comment: Comment, at = new Date()) => deed(postEvent.commentDeleted, commentFact(comment, at));

export const follow = (followerId: string, followeeId: string, at = new Date()) =>
  deed(userEvent.followed, { followerId, followeeId, ...stamp(at) });
export const unfollow = (followerId: string, followeeId: string, at = new Date()) =>
  deed(userEvent.unfollowed, { followerId, followeeId, ...stamp(at) });

export const deletePost = ({ id, authorId }: Post) => deed(postEvent.deleted, { postId: id, authorId });
