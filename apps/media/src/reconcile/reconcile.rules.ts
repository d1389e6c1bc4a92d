import { hiddenVariantKey, variantKey } from '../storage/object-keys.rules.js';

export interface PictureRow {
  id: string;
  ownerId: string;
  status: string;
  isErased: boolean;
  /** Where its objects should lie now. */
  storedHidden: boolean;
  variantNames: string[];
}

/** What differs between a row and the objects that there are. */
export interface Difference {
  isMisplaced: boolean;
  /** The names of variants of which there is no object in either folder. */
  lost: string[];
}

/** Compares a row with the keys of the store; what is not READY, or goes with its owner, may be without objects. */
export function differenceOf(row: PictureRow, keys: Set<string>): Difference {
  if (row.status !== 'READY' || row.isErased) return { isMisplaced: false, lost: [] };
  const isAt = (name: string, hidden: boolean): boolean =>
    keys.has(hidden ? hiddenVariantKey(row.id, name) : variantKey(row.id, name));
  const absent = row.variantNames.filter((name) => !isAt(name, row.storedHidden));
  const lost = absent.filter((name) => !isAt(name, !row.storedHidden));
  return { isMisplaced: absent.length > lost.length, lost };
}
