import { z } from 'zod';
import { command, Id, idList, PageInput, pageOf, query, Timestamp } from '@fowergram/contracts-core';
import {
  Audience,
  Caption,
  CommentPolicy,
  ContentWarning,
  Location,
  Post,
  PostEdit,
  PostMediaIds,
  PostState,
} from './post.models.js';

const OwnPost = { input: z.object({ id: Id, userId: Id }), output: Post };

/** The lives of posts, for their authors: in each, somebody else's post is NOT_FOUND, and what its state does not allow is CONFLICT. */
export const postLifeRpc = {
  /**
   * Makes a draft, or changes one that is not published yet. What is left out stays; a time schedules it, null takes the time back.
   * Media may still be processed.
   */
  saveDraft: command('post.draft.save', {
    input: z.object({
      id: Id.optional(),
      userId: Id,
      caption: Caption.optional(),
      mediaIds: PostMediaIds.optional(),
      audience: Audience.optional(),
      location: Location.nullish(),
      commentsDisabled: z.boolean().optional(),
      commentPolicy: CommentPolicy.optional(),
      isSensitive: z.boolean().optional(),
      contentWarning: ContentWarning.nullish(),
      publishAt: Timestamp.nullish(),
    }),
    output: Post,
  }),
  /** Publishes a draft now; where its media are still processed, as soon as they are READY. */
  publish: command('post.publish', OwnPost),
  /** Lets a draft be published by itself at a time from now to a year ahead. */
  schedule: command('post.schedule', { ...OwnPost, input: OwnPost.input.extend({ publishAt: Timestamp }) }),
  archive: command('post.archive', OwnPost),
  unarchive: command('post.unarchive', OwnPost),
  /** Brings back what was deleted less than 30 days ago, as it was; what was scheduled comes back as a draft. */
  restore: command('post.restore', OwnPost),
  /** Pins a post to the top of the author's profile, which has room for three. */
  pin: command('post.pin', OwnPost),
  unpin: command('post.unpin', OwnPost),

  /** The author's own posts that others do not see, newest first. */
  own: query('post.own', {
    input: PageInput.extend({ userId: Id, state: PostState.exclude(['PUBLISHED']) }),
    output: pageOf(Post),
  }),
  /** The captions that these posts had before, for their author only, latest first. */
  history: query('post.history', {
    input: z.object({ userId: Id, postIds: idList(200) }),
    output: z.array(z.object({ postId: Id, edits: z.array(PostEdit) })),
  }),
  /** The pinned posts of these authors that the viewer sees, latest pin first. */
  pinned: query('post.pinned.by-authors', {
    input: z.object({ viewerId: Id.nullable(), authorIds: idList(100) }),
    output: z.array(Post),
  }),
};
