import { z } from 'zod';
import { Id, Timestamp } from '@fowergram/contracts-core';

export const NotificationKind = z.enum([
  'LIKE',
  'COMMENT',
  'FOLLOW',
  'FOLLOW_REQUEST',
  'FOLLOW_ACCEPTED',
  'MENTION',
  'REPLY',
  'COMMENT_LIKE',
  'REPOST',
  'TAG',
  'CO_AUTHOR_INVITE',
  'CO_AUTHOR_ACCEPTED',
]);
export type NotificationKind = z.output<typeof NotificationKind>;

/** So many of a user's unread notifications are counted, the newest. */
export const MAX_COUNTED = 1_000;

export const Notification = z.object({
  id: Id,
  recipientId: Id,
  kind: NotificationKind,
  actorIds: z.array(Id),
  actorCount: z.number(),
  postId: Id.nullable(),
  commentId: Id.nullable(),
  isRead: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Notification = z.output<typeof Notification>;

/** The cursor is the item's number in the recipient's own sequence, which grows in commit order. */
export const NotificationEdge = z.object({ cursor: z.string(), node: Notification });
export type NotificationEdge = z.output<typeof NotificationEdge>;
