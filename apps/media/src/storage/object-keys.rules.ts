/** Where the bytes lie. The owner's id is part of an upload's key so that a signed policy can never reach into another user's. */
export const uploadsFolder = (ownerId: string): string => `uploads/${ownerId}/`;
export const uploadKey = ({ id, ownerId }: { id: string; ownerId: string }): string => `${uploadsFolder(ownerId)}${id}`;
/** Where variants lie that nobody may see: addresses of theirs are signed for the author of the archived or deleted post only. */
export const HIDDEN = 'hidden/';
export const hiddenVariantsFolder = (mediaId: string): string => `${HIDDEN}${mediaId}/`;
export const hiddenVariantKey = (mediaId: string, name: string): string =>
  `${hiddenVariantsFolder(mediaId)}${name}.webp`;
export const VARIANTS = 'variants/';
export const variantsFolder = (mediaId: string): string => `${VARIANTS}${mediaId}/`;
export const variantKey = (mediaId: string, name: string): string => `${variantsFolder(mediaId)}${name}.webp`;

export type ObjectOwner = { mediaId: string; kind: 'upload' } | { mediaId: string; kind: 'variant'; name: string };

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const UPLOAD = new RegExp(`^uploads/${ID}/(${ID})$`);
const VARIANT = new RegExp(`^(?:variants|hidden)/(${ID})/([^/]+)\\.webp$`);

/** Which media an object belongs to; undefined for what this service has not written. */
export function ownerOfObject(key: string): ObjectOwner | undefined {
  const upload = UPLOAD.exec(key);
  if (upload) return { kind: 'upload', mediaId: upload[1]! };
  const variant = VARIANT.exec(key);
  return variant ? { kind: 'variant', mediaId: variant[1]!, name: variant[2]! } : undefined;
}
