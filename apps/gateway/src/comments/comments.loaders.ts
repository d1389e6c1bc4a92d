import { type CommentsOfPost, MAX_COMMENTS_PER_CALL, postRpc } from '@fowergram/contracts-post';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';
import type { RequestContext } from '../api/context/request-context.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** The first pages of comments of posts, by post; each length of a page has a loader of its own. */
    commentsOfPosts: (first: number) => Batch<CommentsOfPost>;
  }
}

const MAX_POSTS = 100;

export const commentLoaders: LoaderFactories<'commentsOfPosts'> = {
  commentsOfPosts: (context) => {
    const made = new Map<number, Batch<CommentsOfPost>>();
    return (first) => {
      const known = made.get(first) ?? loadFirst(first, context);
      made.set(first, known);
      return known;
    };
  },
};

const loadFirst = (first: number, context: RequestContext): Batch<CommentsOfPost> =>
  new Batch({
    max: Math.min(MAX_POSTS, Math.floor(MAX_COMMENTS_PER_CALL / first)),
    idOf: ({ postId }) => postId,
    fetch: (postIds) => context.ask(postRpc.commentsOfPosts, { postIds, first, viewerId: context.viewerId }),
  });
