import { AT_PAGE, get, PAGE, pageOf, put, type RestRoute } from '../rest-route.types.js';

/** What others did that concerns you. */
export const notificationRoutes: RestRoute[] = [
  get('/notifications', {
    id: 'listNotifications',
    summary: 'Your notifications, latest first.',
    document: `query (${PAGE}) { notifications(${AT_PAGE}) ${pageOf('Notification')} }`,
  }),
  get('/notifications/summary', {
    id: 'getNotificationSummary',
    isOfServices: true,
    summary: 'How many notifications are unread.',
    document: '{ notificationSummary { ...NotificationSummary } }',
  }),
  put('/notifications/read', {
    id: 'markNotificationsRead',
    summary: 'Marks a notification and all older ones read.',
    document: 'mutation ($upTo: ID!) { markNotificationsRead(upTo: $upTo) { ...NotificationSummary } }',
  }),
];
