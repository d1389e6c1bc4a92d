import { z } from 'zod';
import { Id, nameUpTo, textUpTo, Timestamp, visibleTextUpTo } from '@fowergram/contracts-core';

export const Caption = textUpTo(2_200, 'A caption');
export const CommentText = visibleTextUpTo(2_200, 'A comment');
export const Location = nameUpTo(200, 'A location');

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
