import { FowergramError } from '../errors.js';
import {
  newestNotification,
  type NotificationCard,
  notificationReceived,
  type NotificationReceivedData,
  notifications,
} from '../generated/operations.js';
import { listPages } from '../requests/pages.js';
import type { Operations } from '../requests/operations.js';
import type { Subscriptions } from './subscriptions.js';

const PAGE = 50;

export type NotificationEvent =
  /** A notification; keep the cursor once it is handled. */
  | { kind: 'NEW'; cursor: string; notification: NotificationCard }
  /** The cursor was too old: these are the newest ones, newest first, in place of what the app has. */
  | { kind: 'RELOADED'; cursor: string | null; notifications: NotificationCard[] };

export interface NotificationOptions {
  /** The cursor of the last event that was handled; what comes from now on if left out. */
  after?: string;
  signal?: AbortSignal;
}

/** Every notification after the cursor, each once and in order, through all breaks. */
export async function* watchNotifications(
  { request }: Pick<Operations, 'request'>,
  subscriptions: Subscriptions,
  { after, signal }: NotificationOptions,
): AsyncGenerator<NotificationEvent, void> {
  subscriptions.requireWebSocket();
  const listed = { ...(signal && { signal }) };
  // Without a cursor a break before the first event would lose what comes in it.
  let cursor = after ?? (await request(newestNotification, undefined, listed)).notifications?.edges[0]?.cursor;
  for (;;) {
    try {
      const events = subscriptions.subscribe(
        notificationReceived,
        { after: cursor ?? null },
        {
          signal,
          cursorOf: ({ notificationReceived: edge }) => edge.cursor,
          ...(cursor === undefined && { all: () => everything(request, signal) }),
        },
      );
      for await (const { notificationReceived: edge } of events) {
        cursor = edge.cursor;
        yield { kind: 'NEW', cursor, notification: edge.node };
      }
      return;
    } catch (thrown) {
      if (!(thrown instanceof FowergramError)) throw thrown;
      if (thrown.code !== 'GAP' && thrown.reason !== 'BAD_CURSOR') throw thrown;
      const edges = (await request(notifications, { first: PAGE }, listed)).notifications?.edges ?? [];
      cursor = edges[0]?.cursor;
      yield { kind: 'RELOADED', cursor: cursor ?? null, notifications: edges.map(({ node }) => node) };
    }
  }
}

/** The whole list as the subscription would have sent it. */
async function everything(
  request: Operations['request'],
  signal: AbortSignal | undefined,
): Promise<NotificationReceivedData[]> {
  const edges: NotificationReceivedData[] = [];
  const pages = listPages(request, notifications, { first: PAGE }, ({ notifications: page }) => page, { signal });
  for await (const page of pages) edges.push(...page.edges.map((edge) => ({ notificationReceived: edge })));
  return edges.reverse();
}
