import { z } from 'zod';
import { push } from '@fowergram/contracts-core';
import { NotificationEdge } from './notification.models.js';

/** The recipient is to hear less than before: what was pushed and is not shown yet has to be read again. */
export const HearsLess = z.object({ hearsLess: z.literal(true) });

export const notificationPush = {
  /** One subject for both, so that a socket listens to one. */
  added: push('notification-added', z.union([NotificationEdge, HearsLess])),
};
