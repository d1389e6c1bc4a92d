import { push } from '@fowergram/contracts-core';
import { NotificationEdge } from './notification.models.js';

export const notificationPush = {
  added: push('notification-added', NotificationEdge),
};
