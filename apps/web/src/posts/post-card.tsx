import { memo } from 'react';
import { Link } from 'wouter';
import { Time } from '../parts/time.js';
import { useApp, usePost } from '../state/use-app.js';
import { Avatar } from '../users/avatar.js';
import { Caption } from './caption.js';
import { PostActions } from './post-actions.js';
import { Pictures } from './pictures.js';

interface Props {
  id: string;
  index: number;
  top: number;
  measure: (element: HTMLElement | null) => void;
}

/** A post in the feed. */
export const PostCard = memo(function PostCard({ id, index, top, measure }: Props) {
  const { posts } = useApp();
  const post = usePost(id);
  if (!post) return null;
  const shown = post.repostOf ?? post;
  return (
    <article
      ref={measure}
      data-index={index}
      className="card post"
      style={{ transform: `translateY(${top}px)` }}
      aria-labelledby={`author-${id}`}
      aria-posinset={index + 1}
      aria-setsize={-1}
    >
      <PostHeader post={shown} titleId={`author-${id}`} repostedBy={post.repostOf ? post.author.username : undefined} />
      <Pictures post={shown} isFirst={index === 0} onExpired={() => void posts.refreshPictures(id)} />
      <div className="post-text">
        <PostActions post={post} />
        <Caption post={shown} />
        {post.commentCount > 0 && (
          <Link href={`/p/${post.code}`} className="faint">
            {post.commentCount === 1 ? 'See the comment' : `See all ${post.commentCount} comments`}
          </Link>
        )}
      </div>
    </article>
  );
});

interface HeaderProps {
  post: { code: string; createdAt: string; location: string | null; author: Parameters<typeof Avatar>[0]['user'] };
  titleId: string;
  repostedBy?: string | undefined;
}

/** Who posted it, where and when. */
export function PostHeader({ post: { author, createdAt, location, code }, titleId, repostedBy }: HeaderProps) {
  return (
    <header className="post-header">
      <Avatar user={author} />
      <div className="grow">
        {repostedBy && <p className="faint">Reposted by {repostedBy}</p>}
        <p id={titleId}>
          <Link href={`/u/${author.username}`} className="name">
            {author.username}
          </Link>
        </p>
        {location && <p className="faint">{location}</p>}
      </div>
      <Link href={`/p/${code}`} className="faint">
        <Time at={createdAt} />
      </Link>
    </header>
  );
}
