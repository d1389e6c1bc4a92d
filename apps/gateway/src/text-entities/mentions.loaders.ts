import { type ContentMentions, contentMentionRpc } from '@fowergram/contracts-post';
import { type BioMentions, mentionRpc } from '@fowergram/contracts-user';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** Whom posts and comments mention; only for what the viewer was given. */
    contentMentions: Batch<ContentMentions>;
    bioMentions: Batch<BioMentions>;
  }
}

export const mentionLoaders: LoaderFactories<'contentMentions' | 'bioMentions'> = {
  contentMentions: (context) =>
    new Batch({
      max: 200,
      idOf: ({ contentId }) => contentId,
      fetch: (ids) => context.lookUp(contentMentionRpc.ofContents, { ids }),
    }),
  bioMentions: (context) =>
    new Batch({
      max: 200,
      idOf: ({ userId }) => userId,
      fetch: (ids) => context.lookUp(mentionRpc.ofBios, { ids }),
    }),
};
