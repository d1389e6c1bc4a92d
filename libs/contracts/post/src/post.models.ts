import { z } from 'zod';
import { Id, Timestamp } from '@fowergram/contracts-core';

export const Caption = z.string().trim().max(2_200, { error: 'A caption has at most 2200 characters.' });
export const CommentText = z
  .string()
  .trim()
  .min(1, { error: 'A comment has at least 1 character.' })
  .max(2_200, { error: 'A comment has at most 2200 characters.' });
export const Location = z.string().trim().max(200, { error: 'A location has at most 200 characters.' });

export const Post = z.object({
  id: Id,
  authorId: Id,
  caption: z.string(),
  mediaIds: z.array(Id),
  hashtags: z.array(z.string()),
  location: z.string().nullable(),
  commentsDisabled: z.boolean(),
  likeCount: z.number(),
  commentCount: z.number(),
  viewerHasLiked: z.boolean(),
  createdAt: Timestamp,
});
export type Post = z.output<typeof Post>;

export const Comment = z.object({ id: Id, postId: Id, authorId: Id, text: z.string(), createdAt: Timestamp });
export type Comment = z.output<typeof Comment>;
