import type { StoredVariant } from '../media/media.repository.js';
import type { ObjectOwner } from '../storage/object-keys.rules.js';

export interface KnownMedia {
  id: string;
  status: string;
  variants: StoredVariant[];
}

/** Whether an object has a reason to be there: a row that still needs it. */
export function isNeeded(owner: ObjectOwner, media: KnownMedia | undefined): boolean {
  if (!media) return false;
  if (media.status === 'PROCESSING') return true;
  if (owner.kind === 'upload') return media.status === 'AWAITING_UPLOAD';
  return media.status === 'READY' && media.variants.some((variant) => variant.name === owner.name);
}
