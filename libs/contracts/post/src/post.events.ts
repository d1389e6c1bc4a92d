import { z } from 'zod';
import { event, Id, idList, MAX_MENTIONS, Timestamp } from '@fowergram/contracts-core';
import { PostState } from './post.models.js';

/** `version` grows with each change of the same edge, so that a late event never undoes a newer one. */
const LikeEdge = z.object({ postId: Id, authorId: Id, likerId: Id, version: z.number().int(), at: Timestamp });
/** `postId` is the post that is passed on, by `repostId`, which events of before do not name. */
const RepostEdge = z.object({
  postId: Id,
  authorId: Id,
  reposterId: Id,
  repostId: Id.optional(),
  version: z.number().int(),
  at: Timestamp,
});
const CommentFact = z.object({
  commentId: Id,
  postId: Id,
  authorId: Id,
  commenterId: Id,
  version: z.number().int(),
  at: Timestamp,
});
/** `commenterId` wrote the comment that `likerId` likes. */
const CommentLikeEdge = CommentFact.extend({ likerId: Id });
/** Whom a reply answers, when they see it and are not the author of the post, who hears of every comment. */
const Answered = z.object({ userId: Id, isMuted: z.boolean() });

/** Of a post, or of a comment under it. `mentionerId` wrote the text, and each of `mentionedIds` may see it. */
const MentionFact = z.object({
  postId: Id,
  authorId: Id,
  commentId: Id.nullable(),
  mentionerId: Id,
  mentionedIds: idList(MAX_MENTIONS),
  version: z.number().int(),
  at: Timestamp,
});

/** Each of `taggedIds` is in a picture of the post. */
const TagFact = z.object({
  postId: Id,
  authorId: Id,
  taggedIds: idList(200),
  version: z.number().int(),
  at: Timestamp,
});

/** `userId` is whom the author has invited. */
const CoAuthorFact = z.object({ postId: Id, authorId: Id, userId: Id, version: z.number().int(), at: Timestamp });

/** In each of these `authorId` is the author of the post. */
export const postEvent = {
  created: event('post.created', z.object({ postId: Id, authorId: Id, createdAt: Timestamp })),
  /** The post is gone for good: it was not restored in time, or its author is erased. */
  deleted: event('post.deleted', z.object({ postId: Id, authorId: Id })),
  /** A post that was published is hidden, or shown again; the highest version counts. */
  stateChanged: event(
    'post.state-changed',
    z.object({ postId: Id, authorId: Id, state: PostState, version: z.number().int(), createdAt: Timestamp }),
  ),
  liked: event('post.liked', LikeEdge),
  unliked: event('post.unliked', LikeEdge),
  reposted: event('post.reposted', RepostEdge),
  unreposted: event('post.unreposted', RepostEdge),
  /** `isMuted` when it has a word that the author of the post has muted. */
  commented: event(
    'post.comment.created',
    CommentFact.extend({ isMuted: z.boolean().default(false), answered: Answered.nullish() }),
  ),
  /** `answeredId` as in `answered`, where the comment was a reply. */
  commentDeleted: event('post.comment.deleted', CommentFact.extend({ answeredId: Id.nullish() })),
  commentLiked: event('post.comment.liked', CommentLikeEdge),
  commentUnliked: event('post.comment.unliked', CommentLikeEdge),
  mentioned: event('post.mentioned', MentionFact),
  /** The text names them no more, or is gone; that of a deleted post is gone with it. */
  unmentioned: event('post.unmentioned', MentionFact),
  /** They may see the post; whether they want to be shown in it is theirs to say. */
  tagged: event('post.tagged', TagFact),
  untagged: event('post.untagged', TagFact),
  /** They see the post. */
  coAuthorInvited: event('post.co-author.invited', CoAuthorFact),
  /** The post is theirs, too, from now on; `createdAt` is that of the post. */
  coAuthorAccepted: event('post.co-author.accepted', CoAuthorFact.extend({ createdAt: Timestamp })),
  /** They are neither invited nor a co-author any more. */
  coAuthorEnded: event('post.co-author.ended', CoAuthorFact),
};
