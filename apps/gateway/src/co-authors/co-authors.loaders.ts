import { coAuthorRpc } from '@fowergram/contracts-post';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** Who is invited to posts of the viewer; only for somebody who is signed in. */
    invitedCoAuthors: Batch<{ postId: string; userIds: string[] }>;
  }
}

export const coAuthorLoaders: LoaderFactories<'invitedCoAuthors'> = {
  invitedCoAuthors: (context) =>
    new Batch({
      max: 100,
      idOf: ({ postId }) => postId,
      fetch: (ids) => context.lookUp(coAuthorRpc.invited, { ids, authorId: context.signedIn() }),
    }),
};
