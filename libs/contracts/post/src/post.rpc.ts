import { z } from 'zod';
import {
  command,
  Id,
  idList,
  MAX_PAGE_SIZE,
  PageInput,
  pageOf,
  query,
  severalVersions,
  textUpTo,
  TwoWayPageInput,
} from '@fowergram/contracts-core';
import { MAX_ALT_TEXT_LENGTH } from '@fowergram/contracts-media';
import { VisibilityChanges } from '@fowergram/contracts-user';
import {
  Audience,
  Caption,
  Comment,
  CommentOrder,
  CommentPolicy,
  CommentsOfPost,
  CommentText,
  ContentWarning,
  Location,
  MAX_COMMENTS_PER_CALL,
  MAX_MEDIA_PER_POST,
  Post,
  PostCode,
  PostMediaIds,
  PostReference,
  PostRevision,
  PostStatus,
  RepliesToComment,
} from './post.models.js';

const Like = { input: z.object({ postId: Id, userId: Id }), output: Post };
const CommentLike = { input: z.object({ commentId: Id, userId: Id }), output: Comment };
const PinComment = { input: z.object({ id: Id, userId: Id }), output: Post };
const Viewer = z.object({ viewerId: Id.nullable() });
/** Whoever does not say who asks, as callers of before, sees what everybody sees. */
const AddedViewer = z.object({ viewerId: Id.nullable().default(null) });

const tooManyComments = (field: string) => ({
  error: `One call has at most ${MAX_COMMENTS_PER_CALL} comments.`,
  path: [field],
});

export const postRpc = {
  create: command('post.create', {
    input: z.object({
      authorId: Id,
      caption: Caption,
      /** They may still be processed: the post is SCHEDULED for now then, and published when all are READY. */
      mediaIds: PostMediaIds.min(1, { error: 'A post has at least 1 media.' }),
      location: Location.nullish(),
      /** True is the policy NOBODY; a policy that says something else beside it is refused. */
      commentsDisabled: z.boolean().optional(),
      /** EVERYONE when both are left out. */
      commentPolicy: CommentPolicy.optional(),
      /** True where there is a content warning. */
      isSensitive: z.boolean().optional(),
      contentWarning: ContentWarning.nullish(),
      /** PUBLIC when it is left out. */
      audience: Audience.optional(),
    }),
    output: Post,
  }),
  /**
   * Changes the author's own post; anybody else's is NOT_FOUND. What is left out stays. With an expected version only that one is
   * changed: CONFLICT with reason VERSION otherwise.
   */
  update: command('post.update', {
    input: z.object({
      id: Id,
      userId: Id,
      caption: Caption.optional(),
      audience: Audience.optional(),
      location: Location.nullish(),
      commentsDisabled: z.boolean().optional(),
      commentPolicy: CommentPolicy.optional(),
      isSensitive: z.boolean().optional(),
      contentWarning: ContentWarning.nullish(),
      altTexts: z
        .array(z.object({ mediaId: Id, altText: textUpTo(MAX_ALT_TEXT_LENGTH, 'An alt text').nullable() }))
        .max(MAX_MEDIA_PER_POST, { error: `A post has at most ${MAX_MEDIA_PER_POST} media.` })
        .optional(),
      expectedVersion: z.number().int().optional(),
      expectedVersions: severalVersions(z.number().int()),
    }),
    output: Post,
  }),
  /** Deletes the author's own post, which can be restored for 30 days; anybody else's is NOT_FOUND. Again is harmless. */
  delete: command('post.delete', {
    input: z.object({ id: Id, userId: Id }),
    output: z.object({ deleted: z.boolean() }),
  }),
  byIds: query('post.by-ids', { input: Viewer.extend({ ids: idList(200) }), output: z.array(Post) }),
  /** Those of the posts that the viewer may see, that have nothing but what is usual, and in which nobody is tagged. */
  statuses: query('post.statuses', { input: Viewer.extend({ ids: idList(200) }), output: z.array(PostStatus) }),
  /** The post that a link leads to, where the viewer may see it. */
  byCode: query('post.by-code', {
    input: Viewer.extend({ code: PostCode }),
    output: z.object({ post: Post.nullable() }),
  }),
  byAuthor: query('post.by-author', {
    input: TwoWayPageInput.extend(Viewer.shape).extend({ authorId: Id }),
    output: pageOf(Post),
  }),
  countsByAuthors: query('post.count.by-authors', {
    input: z.object({ authorIds: idList(1_000) }),
    output: z.array(z.object({ authorId: Id, postCount: z.number() })),
  }),

  /**
   * For a caller that holds revisions, `references` has the edges in the place of `edges`: posts that are like nearly all as references,
   * others whole.
   */
  homeFeed: query('post.feed.home', {
    input: PageInput.extend({ viewerId: Id, takesReferences: z.boolean().default(false) }),
    output: pageOf(Post).extend({
      references: z.array(z.object({ cursor: z.string(), node: z.union([Post, PostReference]) })).optional(),
    }),
  }),
  /** The posts that still have these revisions; only for posts that somebody was just shown as references. */
  revisions: query('post.revisions', {
    input: z.object({ references: z.array(PostReference.pick({ id: true, revision: true })).max(MAX_PAGE_SIZE) }),
    output: z.array(PostRevision),
  }),

  /** Puts into force what users see of each other now, and drops the cached feeds of these viewers; again is harmless. */
  applyVisibility: command('post.visibility.apply', { input: VisibilityChanges, output: z.object({}) }),

  like: command('post.like.add', Like),
  unlike: command('post.like.remove', Like),
  likers: query('post.like.likers', {
    input: TwoWayPageInput.extend(AddedViewer.shape).extend({ postId: Id }),
    output: pageOf(Id),
  }),

  createComment: command('post.comment.create', {
    input: z.object({ postId: Id, authorId: Id, text: CommentText, parentId: Id.nullish() }),
    output: Comment,
  }),
  /** Changes the text of the user's own comment, for a while after it was written. */
  updateComment: command('post.comment.update', {
    input: z.object({ id: Id, userId: Id, text: CommentText }),
    output: Comment,
  }),
  /** Deletes a comment; its author and the author of the post may, for anybody else it is NOT_FOUND. Answers the post that it was under, and the comment. */
  deleteComment: command('post.comment.delete', {
    input: z.object({ id: Id, userId: Id }),
    output: z.object({ deleted: z.boolean(), postId: Id, topId: Id.nullish() }),
  }),
  comments: query('post.comment.list', {
    input: TwoWayPageInput.extend(AddedViewer.shape).extend({ postId: Id, order: CommentOrder.default('NEWEST') }),
    output: pageOf(Comment),
  }),
  /** The replies to a comment, oldest first. */
  replies: query('post.comment.replies', {
    input: TwoWayPageInput.extend(Viewer.shape).extend({ commentId: Id }),
    output: pageOf(Comment),
  }),
  /** The first comments of each of these posts, in no order of the posts; one without comments, or that the viewer does not see, is left out. */
  commentsOfPosts: query('post.comment.list.of-posts', {
    input: Viewer.extend({
      postIds: idList(100),
      first: PageInput.shape.first,
      order: CommentOrder.default('NEWEST'),
    }).refine(({ postIds, first }) => postIds.length * first <= MAX_COMMENTS_PER_CALL, tooManyComments('postIds')),
    output: z.array(CommentsOfPost),
  }),
  /** The same for the first replies to each of these comments. */
  repliesToComments: query('post.comment.replies.of-comments', {
    input: Viewer.extend({ commentIds: idList(100), first: PageInput.shape.first }).refine(
      ({ commentIds, first }) => commentIds.length * first <= MAX_COMMENTS_PER_CALL,
      tooManyComments('commentIds'),
    ),
    output: z.array(RepliesToComment),
  }),
  commentsByIds: query('post.comment.by-ids', {
    input: AddedViewer.extend({ ids: idList(200) }),
    output: z.array(Comment),
  }),
  likeComment: command('post.comment.like.add', CommentLike),
  unlikeComment: command('post.comment.like.remove', CommentLike),
  commentLikers: query('post.comment.like.likers', {
    input: TwoWayPageInput.extend(Viewer.shape).extend({ commentId: Id }),
    output: pageOf(Id),
  }),
  /** Shows a comment above all others of the user's own post; no other comment of it is shown so any longer. */
  pinComment: command('post.comment.pin', PinComment),
  unpinComment: command('post.comment.unpin', PinComment),
};
