import { createStore } from 'zustand/vanilla';
import type { FowergramClient } from '@fowergram/client';
import {
  markNotificationsRead,
  type NotificationCard,
  notifications,
  unreadNotificationCount,
} from '@fowergram/client/operations';

export interface NotificationsState {
  list: NotificationCard[];
  unread: number;
  isLoaded: boolean;
  /** The last one that came while the page was open. */
  newest: NotificationCard | null;
}

const SHOWN = 50;

/** The newest notifications, and those that come. */
export class Notifications {
  readonly store = createStore<NotificationsState>(() => ({ list: [], unread: 0, isLoaded: false, newest: null }));
  private readonly closing = new AbortController();
  private readonly listeners = new Set<(notification: NotificationCard) => void>();

  constructor(private readonly client: FowergramClient) {}

  /** Reads the newest and goes on from there, so that nothing is missed between the two. */
  async watch(): Promise<void> {
    const { signal } = this.closing;
    const [page] = await Promise.all([
      this.client.request(notifications, { first: SHOWN }, { signal }),
      this.countUnread(),
    ]);
    const edges = page.notifications?.edges ?? [];
    this.store.setState({ list: edges.map(({ node }) => node), isLoaded: true });
    const after = edges[0]?.cursor;
    for await (const event of this.client.notifications({ ...(after && { after }), signal })) {
      if (event.kind === 'NEW') this.add(event.notification);
      else this.store.setState({ list: event.notifications });
      void this.countUnread().catch(() => undefined);
    }
  }

  onNew(listener: (notification: NotificationCard) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async markAllRead(): Promise<void> {
    const upTo = this.store.getState().list[0]?.id;
    if (!upTo || this.store.getState().unread === 0) return;
    const { markNotificationsRead: summary } = await this.client.request(markNotificationsRead, { upTo });
    this.store.setState({ unread: summary.unreadCount });
  }

  /** What was seen stands out no more. */
  showAsRead(): void {
    this.store.setState(({ list }) => ({ list: list.map((each) => ({ ...each, isRead: true })) }));
  }

  close(): void {
    this.closing.abort();
  }

  private add(notification: NotificationCard): void {
    this.store.setState(({ list }) => ({
      list: [notification, ...list.filter(({ id }) => id !== notification.id)].slice(0, SHOWN),
      newest: notification,
    }));
    for (const listener of this.listeners) listener(notification);
  }

  private async countUnread(): Promise<void> {
    const { unreadNotificationCount: unread } = await this.client.request(unreadNotificationCount);
    this.store.setState({ unread: unread ?? 0 });
  }
}
