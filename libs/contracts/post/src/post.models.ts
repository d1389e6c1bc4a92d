import { z } from 'zod';
import { Id, textUpTo, Timestamp } from '@fowergram/contracts-core';

export const Caption = textUpTo(2_200, 'A caption');
export const CommentText = textUpTo(2_200, 'A comment').min(1, { error: 'A comment has at least 1 character.' });
export const Location = textUpTo(200, 'A location');

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
