import { type Hashtag, hashtagRpc } from '@fowergram/contracts-post';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** By their canonical names; each is there, used or not. */
    hashtags: Batch<Hashtag>;
  }
}

export const hashtagLoaders: LoaderFactories<'hashtags'> = {
  hashtags: (context) =>
    new Batch({
      max: 1_000,
      idOf: ({ name }) => name,
      fetch: (names) => context.lookUp(hashtagRpc.byNames, { names, viewerId: context.viewerId }),
    }),
};
