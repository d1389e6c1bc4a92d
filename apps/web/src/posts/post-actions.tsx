import { useState } from 'react';
import { Link } from 'wouter';
import { Failure } from '../parts/failure.js';
import { Icon } from '../parts/icon.js';
import type { ShownPost } from '../state/posts.js';
import { useApp } from '../state/use-app.js';

/** What a viewer does with a post. */
export function PostActions({ post }: { post: ShownPost }) {
  const { likes } = useApp();
  const [error, setError] = useState<unknown>(null);
  const like = () => {
    setError(null);
    likes.toggle(post.id).catch(setError);
  };
  return (
    <>
      <div className="actions">
        <button className="action like" aria-pressed={post.viewerHasLiked} onClick={like}>
          <Icon name="heart" isFilled={post.viewerHasLiked} />
          <span className="unseen">Like, </span>
          <span>{post.likeCount}</span>
          <span className="unseen">{post.likeCount === 1 ? ' like' : ' likes'}</span>
        </button>
        <Link href={`/p/${post.code}`} className="action">
          <Icon name="comment" />
          <span className="unseen">Comments: </span>
          <span>{post.commentCount}</span>
        </Link>
      </div>
      <Failure error={error} />
    </>
  );
}
