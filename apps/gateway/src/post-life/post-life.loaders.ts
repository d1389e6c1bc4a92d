import { type Post, type PostEdit, postLifeRpc } from '@fowergram/contracts-post';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';
import type { RequestContext } from '../api/context/request-context.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** What posts of the viewer said before; only for somebody who is signed in. */
    postEdits: Batch<{ postId: string; edits: PostEdit[] }>;
    /** Those that the viewer sees of what an author has pinned. */
    pinnedPosts: Batch<{ authorId: string; posts: Post[] }>;
  }
}

export const postLifeLoaders: LoaderFactories<'postEdits' | 'pinnedPosts'> = {
  postEdits: (context) =>
    new Batch({
      max: 200,
      idOf: ({ postId }) => postId,
      fetch: (postIds) => context.lookUp(postLifeRpc.history, { userId: context.signedIn(), postIds }),
    }),
  pinnedPosts: (context) =>
    new Batch({ max: 100, idOf: ({ authorId }) => authorId, fetch: (authorIds) => fetchPinned(authorIds, context) }),
};

async function fetchPinned(
  authorIds: string[],
  context: RequestContext,
): Promise<{ authorId: string; posts: Post[] }[]> {
  const posts = await context.lookUp(postLifeRpc.pinned, { viewerId: context.viewerId, authorIds });
  return authorIds.map((authorId) => ({ authorId, posts: posts.filter((post) => post.authorId === authorId) }));
}
