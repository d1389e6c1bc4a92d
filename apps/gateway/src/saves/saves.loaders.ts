import { type Collection, collectionRpc, saveRpc } from '@fowergram/contracts-post';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** Those of the posts that the viewer has saved; only for somebody who is signed in. */
    savedPosts: Batch<{ id: string }>;
    /** The viewer's own. */
    collections: Batch<Collection>;
    collectionCounts: Batch<{ id: string; postCount: number }>;
  }
}

export const saveLoaders: LoaderFactories<'savedPosts' | 'collections' | 'collectionCounts'> = {
  savedPosts: (context) =>
    new Batch({
      max: 200,
      idOf: ({ id }) => id,
      fetch: (ids) => context.lookUp(saveRpc.savedAmong, { userId: context.signedIn(), ids }),
    }),
  collections: (context) =>
    new Batch({
      max: 200,
      idOf: ({ id }) => id,
      fetch: (ids) => context.ask(collectionRpc.byIds, { userId: context.signedIn(), ids }),
    }),
  collectionCounts: (context) =>
    new Batch({
      max: 200,
      idOf: ({ id }) => id,
      fetch: (ids) => context.lookUp(collectionRpc.postCounts, { userId: context.signedIn(), ids }),
    }),
};
