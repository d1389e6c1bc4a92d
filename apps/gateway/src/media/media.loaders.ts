import { type Media, mediaRpc } from '@fowergram/contracts-media';
import { Batch } from '../api/context/batch.js';
import type { RequestContext } from '../api/context/request-context.js';

export function loadMedia(context: RequestContext): Batch<Media> {
  const recent = context.shared.recentMedia;
  return new Batch({
    max: 250,
    idOf: (media) => media.id,
    peek: (id) => (context.hasWritten ? undefined : recent.get(id)),
    fetch: async (ids) => {
      const askedAt = performance.now();
      const found = await context.ask(mediaRpc.byIds, { ids });
      // Only READY is final; anything else is about to change.
      for (const media of found) if (media.status === 'READY') recent.keep(media, askedAt);
      return found;
    },
  });
}
