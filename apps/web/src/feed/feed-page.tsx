import { useEffect } from 'react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import { Failure } from '../parts/failure.js';
import { Page } from '../parts/page.js';
import { useApp } from '../state/use-app.js';
import { FeedList } from './feed-list.js';
import { NewPostCard } from './new-post-card.js';

const TOP = 200;

/** The posts of those whom the viewer follows. */
export function FeedPage() {
  const { feed, newPosts } = useApp();
  const { ids, fresh, hasMore, isLoading, error } = useStore(feed.store);
  const waiting = useStore(newPosts.store);
  useEffect(() => {
    if (feed.store.getState().ids.length === 0) void feed.loadMore();
  }, [feed]);
  useEffect(() => {
    if (fresh.length > 0 && window.scrollY < TOP) feed.showFresh();
  }, [feed, fresh]);
  const showFresh = () => {
    feed.showFresh();
    window.scrollTo({ top: 0 });
  };
  return (
    <Page title="Home" isTitleHidden>
      <div className="fresh" role="status">
        {fresh.length > 0 && (
          <button className="primary" onClick={showFresh}>
            New posts
          </button>
        )}
      </div>
      {waiting.map((post) => (
        <NewPostCard key={post.id} post={post} />
      ))}
      {ids.length > 0 && (
        <FeedList ids={ids} isLoading={isLoading} hasMore={hasMore} onEnd={() => void feed.loadMore()} />
      )}
      <Failure error={error} onRetry={() => void feed.loadMore()} />
      {isLoading && ids.length === 0 && <div className="post skeleton" aria-label="Loading" role="img" />}
      {!isLoading && !error && ids.length === 0 && <NothingYet />}
      {!hasMore && ids.length > 0 && <p className="end">You have seen everything.</p>}
    </Page>
  );
}

function NothingYet() {
  return (
    <div className="empty">
      <h2>Nothing here yet</h2>
      <p>Follow somebody, or post your first photo.</p>
      <p>
        <Link href="/search" className="button primary">
          Find somebody
        </Link>{' '}
        <Link href="/new" className="button">
          New post
        </Link>
      </p>
    </div>
  );
}
