import { z } from 'zod';
import { event, Id, push } from '@fowergram/contracts-core';
import { MediaRejectionCode } from './media.models.js';

export const mediaEvent = {
  ready: event('media.ready', z.object({ mediaId: Id, ownerId: Id })),
  rejected: event(
    'media.rejected',
    z.object({ mediaId: Id, ownerId: Id, code: MediaRejectionCode, reason: z.string() }),
  ),
};

export const mediaPush = {
  updated: push('media-updated', z.object({ mediaId: Id })),
};
