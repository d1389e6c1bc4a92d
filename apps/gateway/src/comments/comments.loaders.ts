import {
  type CommentOrder,
  type CommentsOfPost,
  MAX_COMMENTS_PER_CALL,
  postRpc,
  type RepliesToComment,
} from '@fowergram/contracts-post';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** The first pages of comments of posts, by post; each length and order of a page has a loader of its own. */
    commentsOfPosts: (first: number, order: CommentOrder) => Batch<CommentsOfPost>;
    /** The first pages of replies to comments, by comment. */
    repliesToComments: (first: number) => Batch<RepliesToComment>;
  }
}

const MAX_LISTS = 100;

export const commentLoaders: LoaderFactories<'commentsOfPosts' | 'repliesToComments'> = {
  commentsOfPosts: (context) =>
    each(
      (first, order: CommentOrder) =>
        new Batch({
          max: listsPerCall(first),
          idOf: ({ postId }) => postId,
          fetch: (postIds) =>
            context.ask(postRpc.commentsOfPosts, { postIds, first, order, viewerId: context.viewerId }),
        }),
    ),
  repliesToComments: (context) =>
    each(
      (first) =>
        new Batch({
          max: listsPerCall(first),
          idOf: ({ commentId }) => commentId,
          fetch: (commentIds) =>
            context.ask(postRpc.repliesToComments, { commentIds, first, viewerId: context.viewerId }),
        }),
    ),
};

const listsPerCall = (first: number): number => Math.min(MAX_LISTS, Math.floor(MAX_COMMENTS_PER_CALL / first));

/** Makes one for each combination of what it is asked for with. */
function each<A extends unknown[], V>(make: (...asked: A) => V): (...asked: A) => V {
  const made = new Map<string, V>();
  return (...asked) => {
    const name = asked.join(' ');
    const known = made.get(name) ?? make(...asked);
    made.set(name, known);
    return known;
  };
}
