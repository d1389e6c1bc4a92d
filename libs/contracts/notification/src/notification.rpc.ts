import { z } from 'zod';
import { command, Id, idList, pageOf, query, TwoWayPageInput } from '@fowergram/contracts-core';
import { VisibilityChanges } from '@fowergram/contracts-user';
import { Notification, NotificationEdge } from './notification.models.js';

const Recipient = z.object({ recipientId: Id });

export const notificationRpc = {
  /** Newest first. */
  list: query('notification.list', { input: TwoWayPageInput.extend(Recipient.shape), output: pageOf(Notification) }),
  /**
   * What came after a cursor, oldest first, for a subscription that resumes. `head` is the cursor of the newest item that
   * exists, whether shown or not. Where there is more, it goes on at `next`, or at the last edge where there is none. Throws GAP when the cursor is older than what is stored or was never given out.
   */
  since: query('notification.since', {
    input: Recipient.extend({ after: z.string().max(200).nullable(), limit: z.number().int().min(1).max(500) }),
    output: z.object({
      edges: z.array(NotificationEdge),
      hasMore: z.boolean(),
      next: z.string().optional(),
      head: z.string(),
    }),
  }),
  byIds: query('notification.by-ids', { input: Recipient.extend({ ids: idList(200) }), output: z.array(Notification) }),
  /** How many are unread; MAX_COUNTED of the newest are looked at. */
  unreadCount: query('notification.count.unread', { input: Recipient, output: z.object({ count: z.number() }) }),
  /** Marks everything up to and including this notification read; answers what is still unread. */
  markRead: command('notification.read', {
    input: Recipient.extend({ upToId: Id }),
    output: z.object({ unreadCount: z.number() }),
  }),
  /** Puts into force whom recipients are notified of now; again is harmless. */
  applyVisibility: command('notification.visibility.apply', { input: VisibilityChanges, output: z.object({}) }),
};
