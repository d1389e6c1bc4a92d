import type { NewPost } from '../state/new-posts.js';
import { useApp } from '../state/use-app.js';

/** A post on its way to the server. */
export function NewPostCard({ post }: { post: NewPost }) {
  const { newPosts } = useApp();
  return (
    <section className="card new-post" aria-label="Your new post">
      {post.preview && <img src={post.preview} alt="" />}
      <div className="grow">
        <p className="caption">{post.caption || 'Your new post'}</p>
        <Progress post={post} />
        {post.step === 'FAILED' && (
          <p className="actions">
            <button className="primary" onClick={() => void newPosts.retry(post.id)}>
              Try again
            </button>
            <button onClick={() => void newPosts.discard(post.id)}>Discard</button>
          </p>
        )}
      </div>
    </section>
  );
}

function Progress({ post: { step, share, error } }: { post: NewPost }) {
  if (step === 'FAILED') return <p role="alert">It could not be posted: {error}</p>;
  if (step === 'PUBLISHING') return <p role="status">Posting …</p>;
  return (
    <label>
      <span className="faint">
        {share < 1 ? `Sending the photo: ${Math.round(share * 100)} %` : 'Preparing the photo …'}
      </span>
      <progress max={1} value={share} />
    </label>
  );
}
