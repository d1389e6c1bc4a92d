import { type PostTags, tagRpc } from '@fowergram/contracts-post';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** Who is in the pictures of posts; only for what the viewer was given. */
    postTags: Batch<PostTags>;
  }
}

export const tagLoaders: LoaderFactories<'postTags'> = {
  postTags: (context) =>
    new Batch({
      max: 100,
      idOf: ({ postId }) => postId,
      fetch: (ids) => context.lookUp(tagRpc.ofPosts, { ids, viewerId: context.viewerId }),
    }),
};
