import { repostRpc } from '@fowergram/contracts-post';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** Those of the posts that the viewer has passed on; only for somebody who is signed in. */
    repostedPosts: Batch<{ id: string }>;
  }
}

export const repostLoaders: LoaderFactories<'repostedPosts'> = {
  repostedPosts: (context) =>
    new Batch({
      max: 200,
      idOf: ({ id }) => id,
      fetch: (ids) => context.lookUp(repostRpc.repostedAmong, { userId: context.signedIn(), ids }),
    }),
};
