import { useCallback, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { type PostCard, userPosts } from '@fowergram/client/operations';
import { Failure } from '../parts/failure.js';
import { Blurhash } from '../posts/blurhash.js';
import { useApp } from '../state/use-app.js';

const PAGE = 24;

/** The posts of a user, as squares. */
export function PostGrid({ username }: { username: string }) {
  const { client } = useApp();
  const [posts, setPosts] = useState<PostCard[]>([]);
  const [hasMore, setHasMore] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const after = useRef<string | null>(null);
  const load = useCallback(async () => {
    setError(null);
    try {
      const { user } = await client.request(userPosts, { username, first: PAGE, after: after.current });
      const found = user?.posts?.edges.map(({ node }) => node) ?? [];
      after.current = user?.posts?.pageInfo.endCursor ?? null;
      setPosts((before) => [...new Map([...before, ...found].map((post) => [post.id, post])).values()]);
      setHasMore(user?.posts?.pageInfo.hasNextPage ?? false);
    } catch (thrown) {
      setError(thrown);
    }
  }, [client, username]);
  useEffect(() => void load(), [load]);
  return (
    <section aria-label="Posts">
      <h2 className="unseen">Posts</h2>
      <ul className="grid">
        {posts.map((post) => (
          <Square key={post.id} post={post} />
        ))}
      </ul>
      {hasMore && posts.length === 0 && !error && <div className="skeleton" role="img" aria-label="Loading" />}
      {!hasMore && posts.length === 0 && <p className="empty">No posts yet.</p>}
      <Failure error={error} onRetry={() => void load()} />
      {hasMore && posts.length > 0 && <button onClick={() => void load()}>More posts</button>}
    </section>
  );
}

function Square({ post }: { post: PostCard }) {
  const [media] = post.media;
  const variant = media?.variants.find(({ width }) => width >= 320) ?? media?.variants.at(-1);
  const label = media?.altText || post.caption || `Post by ${post.author.username}`;
  return (
    <li>
      <Link href={`/p/${post.code}`} className="square">
        {media?.blurhash && <Blurhash hash={media.blurhash} />}
        {variant && post.mediaDisplay === 'SHOW' ? (
          <img src={variant.url} alt={label} loading="lazy" decoding="async" />
        ) : (
          <span>{post.contentWarning ?? label}</span>
        )}
      </Link>
    </li>
  );
}
