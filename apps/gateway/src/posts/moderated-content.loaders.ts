import { type Comment, moderationRpc, type Post } from '@fowergram/contracts-post';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';
import type { RequestContext } from '../api/context/request-context.js';
import { byVisibleAuthors } from './visible-authors.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** What was reported or hidden, whoever may see it otherwise; only for a moderator. */
    moderatedPosts: Batch<Post>;
    moderatedComments: Batch<Comment>;
  }
}

export const moderatedContentLoaders: LoaderFactories<'moderatedPosts' | 'moderatedComments'> = {
  moderatedPosts: (context) =>
    new Batch({
      max: 200,
      idOf: (post) => post.id,
      fetch: async (ids) =>
        byVisibleAuthors(await context.ask(moderationRpc.posts, { viewerId: context.signedIn(), ids }), context),
    }),
  moderatedComments: (context) =>
    new Batch({
      max: 200,
      idOf: (comment) => comment.id,
      fetch: (ids) => fetchComments(ids, context),
    }),
};

/** With the posts that they stand under, which a moderator sees for their sake. */
async function fetchComments(ids: string[], context: RequestContext): Promise<Comment[]> {
  const found = await context.ask(moderationRpc.comments, { viewerId: context.signedIn(), ids });
  const comments = await byVisibleAuthors(found, context);
  const posts = await context.loaders.moderatedPosts.many([...new Set(comments.map(({ postId }) => postId))]);
  for (const post of posts) context.loaders.posts.prime(post);
  const shown = new Set(posts.map(({ id }) => id));
  return comments.filter(({ postId }) => shown.has(postId));
}
