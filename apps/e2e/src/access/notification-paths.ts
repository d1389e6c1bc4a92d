import { notificationCursor } from '../cursors.js';
import { subscribe } from '../subscription.js';
import { authorsId, type Path, type Question, shows } from './path.js';

const NOTIFICATIONS = '{ notifications(first: 100) { edges { node { id actors { id } } } } }';
/** The cursor before everything that the viewer was ever notified of. */
function fromTheBeginning({ scene, viewer, things }: Question): string {
  const { id } = scene.viewers[viewer] ?? things.user;
  return notificationCursor(scene.cursorKey, id.replace('user_', ''), 0);
}

export const notification: Path[] = [
  { fields: ['Query.notifications', 'Notification.actors'], sees: shows(NOTIFICATIONS, () => ({}), authorsId) },
  {
    fields: ['NotificationSummary.notifications'],
    sees: shows(
      '{ notificationSummary { notifications(first: 100) { edges { node { actors { id } } } } } }',
      () => ({}),
      authorsId,
    ),
  },
  { fields: ['Subscription.notificationReceived'], sees: isReplayed },
];

/** Reads everything from the beginning of the viewer's notifications as a client that was away; their own last one ends it. */
async function isReplayed(question: Question): Promise<boolean> {
  const { client } = question;
  const newest = await client.answer<{ notifications: { edges: { cursor: string }[] } | null }>(
    '{ notifications(first: 1) { edges { cursor } } }',
  );
  const last = newest.data?.notifications?.edges[0]?.cursor;
  if (last === undefined) return false;
  const socket = client.socket();
  const query =
    'subscription ($after: String) { notificationReceived(after: $after) { cursor node { actors { id } } } }';
  const { received, stop } = subscribe<{ notificationReceived: { cursor: string } }>(socket, query, {
    after: fromTheBeginning(question),
  });
  while (!received.some(({ notificationReceived: { cursor } }) => cursor === last)) await new Promise(setImmediate);
  stop();
  await socket.dispose();
  return JSON.stringify(received).includes(authorsId(question));
}
