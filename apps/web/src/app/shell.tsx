import { useLayoutEffect } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { useStore } from 'zustand';
import { SessionsPage } from '../account/sessions-page.js';
import { FeedPage } from '../feed/feed-page.js';
import { NewPostPage } from '../new-post/new-post-page.js';
import { NotificationsPage } from '../notifications/notifications-page.js';
import { Icon, type IconName } from '../parts/icon.js';
import { Page } from '../parts/page.js';
import { PostPage } from '../posts/post-page.js';
import { useApp } from '../state/use-app.js';
import { ProfilePage } from '../users/profile-page.js';
import { SearchPage } from '../users/search-page.js';
import { Announcements } from './announcements.js';
import { Connection } from './connection.js';

/** What surrounds every page of a signed-in user. */
export function Shell() {
  const { me } = useApp();
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to content
      </a>
      <header className="bar">
        <Link href="/" className="brand">
          <img src="/icon.svg" alt="" width="28" height="28" />
          <span>Fowergram</span>
        </Link>
        <nav aria-label="Main">
          <Item href="/" icon="home" label="Home" />
          <Item href="/search" icon="search" label="Search" />
          <Item href="/new" icon="plus" label="New post" />
          <Notifications />
          <Item href={`/u/${me.username}`} icon="user" label="Profile" />
        </nav>
      </header>
      <main id="content" tabIndex={-1}>
        <Connection />
        <Pages />
      </main>
      <Announcements />
    </div>
  );
}

function Pages() {
  const [path] = useLocation();
  useLayoutEffect(() => {
    // The feed goes on where it was left.
    if (path !== '/') window.scrollTo({ top: 0 });
  }, [path]);
  return (
    <Switch>
      <Route path="/" component={FeedPage} />
      <Route path="/search" component={SearchPage} />
      <Route path="/new" component={NewPostPage} />
      <Route path="/notifications" component={NotificationsPage} />
      <Route path="/sessions" component={SessionsPage} />
      <Route path="/u/:username">{({ username }) => <ProfilePage key={username} username={username} />}</Route>
      <Route path="/p/:code">{({ code }) => <PostPage key={code} code={code} />}</Route>
      <Route>
        <Page title="There is no such page">
          <p>
            <Link href="/">Back to the feed</Link>
          </p>
        </Page>
      </Route>
    </Switch>
  );
}

function Notifications() {
  const unread = useStore(useApp().notifications.store, (state) => state.unread);
  return <Item href="/notifications" icon="bell" label="Notifications" count={unread} />;
}

function Item({ href, icon, label, count = 0 }: { href: string; icon: IconName; label: string; count?: number }) {
  const [path] = useLocation();
  return (
    <Link href={href} aria-current={path === href ? 'page' : undefined} className="item">
      <Icon name={icon} />
      <span className="label">{label}</span>
      {count > 0 && (
        <span className="count">
          {count > 99 ? '99+' : count}
          <span className="unseen"> unread</span>
        </span>
      )}
    </Link>
  );
}
