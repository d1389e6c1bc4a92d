import { z } from 'zod';
import { Id, nameUpTo, pageOf, textUpTo, Timestamp, visibleTextUpTo, withFewEntities } from '@fowergram/contracts-core';

export const MAX_CAPTION_LENGTH = 2_200;
export const MAX_COMMENT_LENGTH = 2_200;
/** Comments of several posts in one answer: with the longest texts they are 3 MB, and a message has at most 4. */
export const MAX_COMMENTS_PER_CALL = 200;
/** How long the author of a comment may change it. */
export const EDIT_WINDOW_MS = 15 * 60_000;
export const MAX_LOCATION_LENGTH = 200;
export const MAX_MEDIA_PER_POST = 10;
export const MAX_CONTENT_WARNING_LENGTH = 200;

export const Caption = withFewEntities(textUpTo(MAX_CAPTION_LENGTH, 'A caption'), 'A caption');
export const CommentText = withFewEntities(visibleTextUpTo(MAX_COMMENT_LENGTH, 'A comment'), 'A comment');
export const Location = nameUpTo(MAX_LOCATION_LENGTH, 'A location');

/** What stands in front of the media of a sensitive post; empty is none. */
export const ContentWarning = nameUpTo(MAX_CONTENT_WARNING_LENGTH, 'A content warning');

/** What a link to a post is made of; it says nothing of when the post was made, or of how many there are. */
export const PostCode = z
  .string()
  .max(11, { error: 'This is not the code of a post.' })
  .regex(/^[A-Za-z0-9_-]{11}$/, { error: 'This is not the code of a post.' });

/** Who sees a post besides its author. PUBLIC posts of a private account are for its followers. */
export const Audience = z.enum(['PUBLIC', 'FOLLOWERS', 'CLOSE_FRIENDS']);
export type Audience = z.output<typeof Audience>;

/** Who may comment a post, of those who see it; its author may unless it is NOBODY. */
export const CommentPolicy = z.enum(['EVERYONE', 'FOLLOWERS', 'NOBODY']);
export type CommentPolicy = z.output<typeof CommentPolicy>;

/** How far a post has come in its life; others than its author see it while it is PUBLISHED. */
export const PostState = z.enum(['DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED', 'DELETED']);
export type PostState = z.output<typeof PostState>;

/** Why a post that should have been published is a draft again. */
export const PublishProblem = z.enum(['MEDIA_REJECTED', 'MEDIA_GONE']);
export type PublishProblem = z.output<typeof PublishProblem>;

/** What a post said before it was edited, and when that was. */
export const PostEdit = z.object({ caption: z.string(), editedAt: Timestamp });
export type PostEdit = z.output<typeof PostEdit>;

/** The media of a post in their order; a draft may have none. */
export const PostMediaIds = z
  .array(Id)
  .max(MAX_MEDIA_PER_POST, { error: `A post has at most ${MAX_MEDIA_PER_POST} media.` })
  .refine((ids) => new Set(ids).size === ids.length, { error: 'A post shows each media once.' })
  .meta({ uniqueItems: true });

export const Post = z.object({
  id: Id,
  code: z.string(),
  authorId: Id,
  caption: z.string(),
  mediaIds: z.array(Id),
  hashtags: z.array(z.string()),
  location: z.string().nullable(),
  /** True where the policy is NOBODY. */
  commentsDisabled: z.boolean(),
  commentPolicy: CommentPolicy,
  /** Not everybody wants to meet its media unasked. */
  isSensitive: z.boolean(),
  contentWarning: z.string().nullable(),
  audience: Audience,
  state: PostState,
  /** Grows with every change that its author makes. */
  version: z.number().int(),
  likeCount: z.number(),
  commentCount: z.number(),
  viewerHasLiked: z.boolean(),
  /** The post that it passes on, which never passes on another one. */
  repostOf: Id.nullable(),
  repostCount: z.number(),
  /** Whose post it is, too, in the order of their consent; nothing where nobody has accepted. Hidden accounts are among them. */
  coAuthorIds: z.array(Id).optional(),
  /** Only the author sees it; 0 for anybody else. */
  saveCount: z.number(),
  /** The comment that its author shows above all others. */
  pinnedCommentId: Id.optional(),
  createdAt: Timestamp,
  editedAt: Timestamp.nullable(),
  /** When a SCHEDULED post will be published; null in any other state. */
  publishAt: Timestamp.nullable(),
  /** Why its publication was given up; only its author is given such a draft. */
  publishProblem: PublishProblem.optional(),
  /** Why moderators have hidden it; only its author and they are given such a post. */
  hiddenReason: z.string().optional(),
});
export type Post = z.output<typeof Post>;
/**
 * What differs between readings of one revision of a post: whoever holds that revision needs nothing else. A revision changes with every
 * stored change of the post, and says nothing of which one is newer.
 */
export const PostReference = z.object({
  id: Id,
  revision: z.string(),
  likeCount: z.number(),
  commentCount: z.number(),
  viewerHasLiked: z.boolean(),
});
export type PostReference = z.output<typeof PostReference>;

/** A reference with what else the viewer has done with the post; equal ones stand for what is shown alike. */
export const PostStatus = PostReference.extend({ viewerHasSaved: z.boolean(), viewerHasReposted: z.boolean() });
export type PostStatus = z.output<typeof PostStatus>;

/** A post as nobody has liked or counted it, to be held by its revision. */
export const PostRevision = z.object({ revision: z.string(), post: Post });
export type PostRevision = z.output<typeof PostRevision>;

export type Sensitivity = Pick<Post, 'isSensitive' | 'contentWarning'>;

export const Comment = z.object({
  id: Id,
  postId: Id,
  authorId: Id,
  /** The comment that a reply answers; null for one that answers none. */
  parentId: Id.nullable(),
  /** The comment that a reply hangs under, which is the one that it answers or that one's. */
  topId: Id.nullable(),
  /** Empty once it is deleted. */
  text: z.string(),
  /** Deleted, and still in its place for the sake of those who answered it. */
  isDeleted: z.boolean(),
  /** It has a word that the viewer has muted. */
  isMuted: z.boolean(),
  likeCount: z.number(),
  viewerHasLiked: z.boolean(),
  /** The replies that hang under it; a reply has none of its own. */
  replyCount: z.number(),
  createdAt: Timestamp,
  editedAt: Timestamp.nullable(),
  /** Why moderators have hidden it; only its author and they are given such a comment. */
  hiddenReason: z.string().optional(),
});
export type Comment = z.output<typeof Comment>;

/** Newest and oldest first, or those with the most likes first. */
export const CommentOrder = z.enum(['NEWEST', 'OLDEST', 'TOP']);
export type CommentOrder = z.output<typeof CommentOrder>;

/** The first comments of one of several posts. */
export const CommentsOfPost = z.object({ postId: Id, page: pageOf(Comment) });
export type CommentsOfPost = z.output<typeof CommentsOfPost>;

/** The first replies to one of several comments. */
export const RepliesToComment = z.object({ commentId: Id, page: pageOf(Comment) });
export type RepliesToComment = z.output<typeof RepliesToComment>;
