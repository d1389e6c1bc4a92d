import { AppError, notFound } from '@fowergram/contracts-core';
import type { MediaRow } from '../media/media.repository.js';

export interface Claim {
  ownerId: string;
  claimId: string;
  mediaIds: string[];
  acceptsProcessing?: boolean | undefined;
}
export type ClaimableRow = MediaRow & { claimId: string | null };

/** Why these media cannot be claimed: the error of the first one that is not the owner's, not READY or in use elsewhere. */
export function findClaimError(
  { ownerId, claimId, mediaIds, acceptsProcessing = false }: Claim,
  rows: Map<string, ClaimableRow>,
): AppError | undefined {
  for (const [index, id] of mediaIds.entries()) {
    const row = rows.get(id);
    const path = ['mediaIds', index];
    if (row?.ownerId !== ownerId) return notFound('media', path);
    if (row.status !== 'READY' && !(acceptsProcessing && row.status === 'PROCESSING'))
      return new AppError('CONFLICT', notReady[row.status], { path, reason: 'MEDIA_NOT_READY' });
    if (row.claimId && row.claimId !== claimId)
      return new AppError('CONFLICT', 'This picture is in use already.', { path, reason: 'MEDIA_IN_USE' });
  }
  return undefined;
}

const notReady = {
  AWAITING_UPLOAD: 'This picture has not been uploaded yet.',
  PROCESSING: 'This picture is still being processed.',
  REJECTED: 'This picture was rejected.',
};
