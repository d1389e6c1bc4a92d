import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import type { CommentCard } from '@fowergram/client/operations';
import { Failure } from '../parts/failure.js';
import { Time } from '../parts/time.js';
import type { ShownPost } from '../state/posts.js';
import { Avatar } from '../users/avatar.js';
import { Text } from './caption.js';
import { useComments } from './use-comments.js';

/** What others say about a post, and a line to say something. */
export function Comments({ post }: { post: ShownPost }) {
  const { comments, hasMore, error, loadMore, add } = useComments(post.id);
  return (
    <section aria-label="Comments" className="comments">
      <h2 className="unseen">Comments</h2>
      {!post.commentsDisabled && <CommentForm onSend={add} />}
      <ul>
        {comments.map((comment) => (
          <Comment key={comment.id} comment={comment} />
        ))}
      </ul>
      <Failure error={error} onRetry={loadMore} />
      {hasMore && <button onClick={loadMore}>More comments</button>}
    </section>
  );
}

function Comment({ comment: { author, text, textEntities, createdAt, isDeleted } }: { comment: CommentCard }) {
  return (
    <li className="comment">
      <Avatar user={author} />
      <div className="grow">
        <p>
          <Link href={`/u/${author.username}`} className="name">
            {author.username}
          </Link>{' '}
          {isDeleted ? <em className="faint">deleted</em> : <Text text={text} entities={textEntities} />}
        </p>
        <p className="faint">
          <Time at={createdAt} />
        </p>
      </div>
    </li>
  );
}

function CommentForm({ onSend }: { onSend: (text: string) => Promise<void> }) {
  const [text, setText] = useState('');
  const [waiting, setWaiting] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const comment = text.trim();
    if (!comment || waiting) return;
    setWaiting(comment);
    setText('');
    setError(null);
    try {
      await onSend(comment);
    } catch (thrown) {
      setError(thrown);
      setText(comment);
    } finally {
      setWaiting(null);
    }
  };
  return (
    <form className="comment-form" onSubmit={(event) => void send(event)}>
      <label htmlFor="comment" className="unseen">
        Your comment
      </label>
      <input
        id="comment"
        value={text}
        maxLength={2_200}
        placeholder="Say something …"
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      <button className="primary" disabled={!text.trim() || waiting !== null}>
        Send
      </button>
      <p role="status">{waiting && <span className="faint">Sending “{waiting}” …</span>}</p>
      <Failure error={error} />
    </form>
  );
}
