import type { Payload } from '@fowergram/contracts-core';
import type { NotificationKind } from '@fowergram/contracts-notification';
import type { postEvent } from '@fowergram/contracts-post';
import type { userEvent } from '@fowergram/contracts-user';

type FollowFact = Payload<typeof userEvent.followed>;

/** What an event says about one edge: that it is there, or that it is not, as of `version`. */
export interface EdgeChange {
  recipientId: string;
  kind: NotificationKind;
  actorId: string;
  /** Tells apart what one user can do to another more than once: the post that is liked or mentions them, the comment, and for a follow the followee. */
  subjectId: string;
  postId: string | null;
  version: number;
  exists: boolean;
  at: string;
}

export function likeChange(fact: Payload<typeof postEvent.liked>, exists: boolean): EdgeChange {
  const { postId, authorId, likerId, version, at } = fact;
  return { recipientId: authorId, kind: 'LIKE', actorId: likerId, subjectId: postId, postId, version, exists, at };
}

export function repostChange(fact: Payload<typeof postEvent.reposted>, exists: boolean): EdgeChange {
  const { postId, authorId, reposterId, version, at } = fact;
  return { recipientId: authorId, kind: 'REPOST', actorId: reposterId, subjectId: postId, postId, version, exists, at };
}

export function commentChange(fact: Payload<typeof postEvent.commentDeleted>, exists: boolean): EdgeChange {
  const { commentId, postId, authorId, commenterId, version, at } = fact;
  return {
    recipientId: authorId,
    kind: 'COMMENT',
    actorId: commenterId,
    subjectId: commentId,
    postId,
    version,
    exists,
    at,
  };
}

/** Whoever is answered hears of the reply. */
export function replyChange(
  fact: Payload<typeof postEvent.commentDeleted>,
  answeredId: string,
  exists: boolean,
): EdgeChange {
  return { ...commentChange(fact, exists), recipientId: answeredId, kind: 'REPLY' };
}

/** The author of a comment hears of who likes it. */
export function commentLikeChange(fact: Payload<typeof postEvent.commentLiked>, exists: boolean): EdgeChange {
  const { commentId, postId, commenterId, likerId, version, at } = fact;
  const edge = { kind: 'COMMENT_LIKE' as const, actorId: likerId, subjectId: commentId, postId };
  return { ...edge, recipientId: commenterId, version, exists, at };
}

/** Each who is mentioned hears of it, once for the post or comment. */
export function mentionChanges(fact: Payload<typeof postEvent.mentioned>, exists: boolean): EdgeChange[] {
  const { postId, commentId, mentionerId, mentionedIds, version, at } = fact;
  const edge = { kind: 'MENTION' as const, actorId: mentionerId, subjectId: commentId ?? postId, postId };
  return mentionedIds.map((recipientId) => ({ ...edge, recipientId, version, exists, at }));
}

/** Each who is tagged hears of it, once for the post. */
export function tagChanges(fact: Payload<typeof postEvent.tagged>, exists: boolean): EdgeChange[] {
  const { postId, authorId, taggedIds, version, at } = fact;
  const edge = { kind: 'TAG' as const, actorId: authorId, subjectId: postId, postId };
  return taggedIds.map((recipientId) => ({ ...edge, recipientId, version, exists, at }));
}

type CoAuthorFact = Payload<typeof postEvent.coAuthorInvited>;

/** Whoever is invited to be a co-author hears of it, until it is answered or withdrawn. */
export function coAuthorInviteChange(fact: CoAuthorFact, exists: boolean): EdgeChange {
  const { postId, authorId, userId, version, at } = fact;
  const edge = { kind: 'CO_AUTHOR_INVITE' as const, actorId: authorId, subjectId: postId, postId };
  return { ...edge, recipientId: userId, version, exists, at };
}

/** The author hears who has accepted, while they are a co-author. */
export function coAuthorAcceptedChange(fact: CoAuthorFact, exists: boolean): EdgeChange {
  const { postId, authorId, userId, version, at } = fact;
  const edge = { kind: 'CO_AUTHOR_ACCEPTED' as const, actorId: userId, subjectId: postId, postId };
  return { ...edge, recipientId: authorId, version, exists, at };
}

/** What is said of whom somebody follows or asks to follow: the followee hears of it. */
const toFollowee = (kind: NotificationKind, fact: FollowFact, exists: boolean): EdgeChange => {
  const { followerId, followeeId, version, at } = fact;
  const ids = { recipientId: followeeId, actorId: followerId, subjectId: followeeId, postId: null };
  return { ...ids, kind, version, exists, at };
};

export const followChange = (fact: FollowFact, exists: boolean): EdgeChange => toFollowee('FOLLOW', fact, exists);

/** It is there while the request waits. */
export const followRequestChange = (fact: FollowFact, exists: boolean): EdgeChange =>
  toFollowee('FOLLOW_REQUEST', fact, exists);

/** Whoever asked hears that they were accepted, while they follow. */
export function followAcceptedChange(fact: FollowFact, exists: boolean): EdgeChange {
  const { followerId, followeeId, version, at } = fact;
  const ids = { recipientId: followerId, actorId: followeeId, subjectId: followerId, postId: null };
  return { ...ids, kind: 'FOLLOW_ACCEPTED', version, exists, at };
}

/** Nobody is notified of what they did themselves. */
export const isOwnAction = ({ recipientId, actorId }: EdgeChange): boolean => recipientId === actorId;
