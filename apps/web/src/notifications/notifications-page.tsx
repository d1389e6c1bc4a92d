import { useEffect } from 'react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import type { NotificationCard } from '@fowergram/client/operations';
import { Page } from '../parts/page.js';
import { Time } from '../parts/time.js';
import { useApp } from '../state/use-app.js';
import { Avatar } from '../users/avatar.js';
import { actionOf, actorsOf, addressOf } from './sentence.js';

/** What others did, newest first; what was seen here is read. */
export function NotificationsPage() {
  const { notifications } = useApp();
  const { list, isLoaded } = useStore(notifications.store);
  useEffect(() => {
    void notifications.markAllRead().catch(() => undefined);
  }, [notifications, list]);
  useEffect(() => () => notifications.showAsRead(), [notifications]);
  return (
    <Page title="Notifications">
      {isLoaded && list.length === 0 && <p className="empty">Nothing yet. Likes, comments and follows appear here.</p>}
      <ul className="card rows">
        {list.map((notification) => (
          <Row key={notification.id} notification={notification} />
        ))}
      </ul>
    </Page>
  );
}

function Row({ notification }: { notification: NotificationCard }) {
  const [actor] = notification.actors;
  const media = notification.post?.media[0];
  const picture = media?.variants[0];
  return (
    <li>
      <Link href={addressOf(notification)} className={notification.isRead ? 'row' : 'row unread'}>
        {actor && <Avatar user={actor} size={44} />}
        <span className="grow">
          <b>{actorsOf(notification)}</b> {actionOf(notification)}{' '}
          <span className="faint">
            <Time at={notification.updatedAt} />
          </span>
        </span>
        {picture && <img className="thumbnail" src={picture.url} alt="" width="44" height="44" loading="lazy" />}
      </Link>
    </li>
  );
}
