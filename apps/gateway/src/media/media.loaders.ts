import { type Media, mediaRpc } from '@fowergram/contracts-media';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';
import type { RequestContext } from '../api/context/request-context.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    media: Batch<Media>;
  }
}

export const mediaLoaders: LoaderFactories<'media'> = { media: loadMedia };

function loadMedia(context: RequestContext): Batch<Media> {
  const cache = context.shared.mediaCache;
  return new Batch({
    max: 250,
    idOf: (media) => media.id,
    peek: (id) => (context.hasWritten ? undefined : cache.get(id)),
    fetch: async (ids) => {
      const askedAt = performance.now();
      const found = await context.lookUpHeld(mediaRpc.byIds, { ids });
      // Only READY is final; anything else is about to change.
      for (const media of found) if (media.status === 'READY') cache.store(media, askedAt);
      return found;
    },
  });
}
