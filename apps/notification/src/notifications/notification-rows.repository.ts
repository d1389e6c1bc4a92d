import { type Edge, encodeSequence } from '@fowergram/contracts-core';
import type { Notification, NotificationKind } from '@fowergram/contracts-notification';

/** A notification that is shown, with its number in the recipient's sequence. */
export interface NotificationRow {
  id: string;
  recipientId: string;
  kind: NotificationKind;
  actorId: string;
  subjectId: string;
  postId: string | null;
  sequence: number;
  isRead: boolean;
  createdAt: Date;
  updatedAt: Date;
}

/** The columns of a NotificationRow, from notification n and its recipient r. */
export const COLUMNS = `
  n.id, n.recipient_id as "recipientId", n.kind, n.actor_id as "actorId", n.subject_id as "subjectId", n.post_id as "postId",
  n.sequence, n.sequence <= r.read_through as "isRead", n.created_at as "createdAt", n.updated_at as "updatedAt"`;

/** What is about a post is about the post itself or about a comment under it. */
export function toNotification(row: NotificationRow): Notification {
  return {
    id: row.id,
    recipientId: row.recipientId,
    kind: row.kind,
    actorIds: [row.actorId],
    actorCount: 1,
    postId: row.postId,
    commentId: row.postId !== null && row.subjectId !== row.postId ? row.subjectId : null,
    isRead: row.isRead,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export const toEdge = (row: NotificationRow): Edge<Notification> => ({
  cursor: encodeSequence(row.sequence),
  node: toNotification(row),
});
