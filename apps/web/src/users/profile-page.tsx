import { useCallback } from 'react';
import { Link } from 'wouter';
import { type Profile, type RelationshipCard, user as userByName } from '@fowergram/client/operations';
import { Failure } from '../parts/failure.js';
import { Icon } from '../parts/icon.js';
import { Page } from '../parts/page.js';
import { useLoaded } from '../parts/use-loaded.js';
import { Text } from '../posts/caption.js';
import { useApp } from '../state/use-app.js';
import { Avatar } from './avatar.js';
import { FollowButton } from './follow-button.js';
import { PostGrid } from './post-grid.js';

/** A user and their posts. */
export function ProfilePage({ username }: { username: string }) {
  const { client, me } = useApp();
  const load = useCallback(
    async (signal: AbortSignal) => (await client.request(userByName, { username }, { signal })).user,
    [client, username],
  );
  const { data: user, error, reload, set } = useLoaded<Profile | null>(load);
  if (error) return <Failure error={error} onRetry={reload} />;
  if (user === null) return <Nobody username={username} />;
  if (!user) return <div className="card skeleton" role="img" aria-label="Loading" />;
  const changed = (relationship: RelationshipCard) => {
    set((before) => before && { ...before, relationship });
    reload();
  };
  return (
    <>
      <section className="profile" aria-label={`Profile of ${user.username}`}>
        <Avatar user={user} size={88} />
        <div className="grow">
          <div className="profile-name">
            <Page title={user.username}>{null}</Page>
            {user.id === me.id ? <OwnActions /> : <Follow user={user} onChange={changed} />}
          </div>
          <Counts user={user} />
          {user.displayName && <p className="name">{user.displayName}</p>}
          {user.bio && (
            <p className="caption">
              <Text text={user.bio} entities={user.bioEntities} />
            </p>
          )}
          {user.isPrivate && (
            <p className="faint">
              <Icon name="lock" /> Private account
            </p>
          )}
        </div>
      </section>
      <PostGrid key={`${user.id} ${user.relationship?.following}`} username={user.username} />
    </>
  );
}

function Nobody({ username }: { username: string }) {
  return (
    <Page title="Nobody has this name">
      <p>There is no user {username}, or not for you.</p>
      <p>
        <Link href="/search">Search for somebody</Link>
      </p>
    </Page>
  );
}

function Counts({ user }: { user: Profile }) {
  return (
    <ul className="counts">
      <li>
        <b>{user.postCount}</b> {user.postCount === 1 ? 'post' : 'posts'}
      </li>
      <li>
        <b>{user.followerCount}</b> {user.followerCount === 1 ? 'follower' : 'followers'}
      </li>
      <li>
        <b>{user.followingCount}</b> following
      </li>
    </ul>
  );
}

function Follow({ user, onChange }: { user: Profile; onChange: (relationship: RelationshipCard) => void }) {
  if (!user.relationship) return null;
  return (
    <div className="actions">
      <FollowButton user={user} relationship={user.relationship} onChange={onChange} />
      {user.relationship.followedBy && <span className="badge">Follows you</span>}
    </div>
  );
}

function OwnActions() {
  const { client } = useApp();
  return (
    <div className="actions">
      <Link href="/sessions" className="button">
        Sessions
      </Link>
      <button onClick={() => void client.session.signOut().catch(() => undefined)}>Sign out</button>
    </div>
  );
}
