import { useCallback } from 'react';
import { postByCode } from '@fowergram/client/operations';
import { Failure } from '../parts/failure.js';
import { Page } from '../parts/page.js';
import { useLoaded } from '../parts/use-loaded.js';
import { useApp, usePost } from '../state/use-app.js';
import { Caption } from './caption.js';
import { Comments } from './comments.js';
import { Pictures } from './pictures.js';
import { PostActions } from './post-actions.js';
import { PostHeader } from './post-card.js';

/** A post with its comments. */
export function PostPage({ code }: { code: string }) {
  const { client, posts } = useApp();
  const load = useCallback(
    async (signal: AbortSignal) => {
      const { postByCode: found } = await client.request(postByCode, { code }, { signal });
      return found ? posts.keep([found])[0]! : null;
    },
    [client, posts, code],
  );
  const { data: id, error, reload } = useLoaded(load);
  if (error) return <Failure error={error} onRetry={reload} />;
  if (id === null) return <Page title="This post is not here">It was deleted, or is not for you.</Page>;
  return id ? <LoadedPost id={id} /> : <div className="post skeleton" role="img" aria-label="Loading" />;
}

function LoadedPost({ id }: { id: string }) {
  const { posts } = useApp();
  const post = usePost(id)!;
  const shown = post.repostOf ?? post;
  return (
    <Page title={`Post by ${shown.author.username}`} isTitleHidden>
      <article className="card post whole" aria-labelledby={`author-${id}`}>
        <PostHeader
          post={shown}
          titleId={`author-${id}`}
          repostedBy={post.repostOf ? post.author.username : undefined}
        />
        <Pictures post={shown} isFirst onExpired={() => void posts.refreshPictures(id)} />
        <div className="post-text">
          <PostActions post={post} />
          <Caption post={shown} />
          <Comments post={post} />
        </div>
      </article>
    </Page>
  );
}
