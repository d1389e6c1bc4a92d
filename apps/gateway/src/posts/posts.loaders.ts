import { type Comment, type Post, postRpc } from '@fowergram/contracts-post';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';
import { byVisibleAuthors } from './visible-authors.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    posts: Batch<Post>;
    comments: Batch<Comment>;
  }
}

/** The post service leaves out what this viewer may not see; nothing is shared between viewers. */
export const postLoaders: LoaderFactories<'posts' | 'comments'> = {
  posts: (context) =>
    new Batch({
      max: 200,
      idOf: (post) => post.id,
      fetch: async (ids) =>
        byVisibleAuthors(await context.ask(postRpc.byIds, { viewerId: context.viewerId, ids }), context),
    }),
  comments: (context) =>
    new Batch({
      max: 200,
      idOf: (comment) => comment.id,
      fetch: async (ids) =>
        byVisibleAuthors(await context.ask(postRpc.commentsByIds, { viewerId: context.viewerId, ids }), context),
    }),
};
