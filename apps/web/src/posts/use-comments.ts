import { useCallback, useEffect, useRef, useState } from 'react';
import { type CommentCard, createComment, postComments } from '@fowergram/client/operations';
import { useApp } from '../state/use-app.js';

const PAGE = 20;
const COMMENT_KINDS = new Set(['COMMENT', 'REPLY', 'MENTION']);

export interface ShownComments {
  comments: CommentCard[];
  hasMore: boolean;
  error: unknown;
  loadMore: () => void;
  add: (text: string) => Promise<void>;
}

/** The comments of a post, newest first; those that a notification announces come by themselves. */
export function useComments(postId: string): ShownComments {
  const { client, changes, posts, notifications } = useApp();
  const [comments, setComments] = useState<CommentCard[]>([]);
  const [hasMore, setHasMore] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const after = useRef<string | null>(null);

  const load = useCallback(
    async (from: string | null, merge: (before: CommentCard[], page: CommentCard[]) => CommentCard[]) => {
      try {
        const { post } = await client.request(postComments, { id: postId, first: PAGE, after: from, order: 'NEWEST' });
        const page = post?.comments?.edges.map(({ node }) => node) ?? [];
        setComments((before) => merge(before, page));
        setError(null);
        return post?.comments?.pageInfo ?? null;
      } catch (thrown) {
        setError(thrown);
        return null;
      }
    },
    [client, postId],
  );
  const loadMore = useCallback(async () => {
    const page = await load(after.current, union);
    if (!page) return;
    after.current = page.endCursor;
    setHasMore(page.hasNextPage);
  }, [load]);
  useEffect(() => {
    void loadMore();
    return notifications.onNew(({ kind, post }) => {
      if (COMMENT_KINDS.has(kind) && post?.id === postId) void load(null, (before, page) => union(page, before));
    });
  }, [loadMore, load, notifications, postId]);

  const add = async (text: string) => {
    const { createComment: comment } = await changes.send(createComment, { input: { postId, text } });
    setComments((before) => union([comment], before));
    posts.patch(postId, { commentCount: comment.post.commentCount });
  };
  return { comments, hasMore, error, loadMore: () => void loadMore(), add };
}

const union = (first: CommentCard[], rest: CommentCard[]): CommentCard[] => [
  ...new Map([...first, ...rest].map((comment) => [comment.id, comment])).values(),
];
