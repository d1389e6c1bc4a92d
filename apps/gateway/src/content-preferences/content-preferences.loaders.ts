import { type ContentPreferences, preferenceRpc } from '@fowergram/contracts-post';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** Only those of the viewer. */
    contentPreferences: Batch<ContentPreferences>;
  }
}

export const contentPreferenceLoaders: LoaderFactories<'contentPreferences'> = {
  contentPreferences: (context) =>
    new Batch({
      max: 1,
      idOf: ({ userId }) => userId,
      fetch: async () => [await context.lookUp(preferenceRpc.get, { userId: context.signedIn() })],
    }),
};
