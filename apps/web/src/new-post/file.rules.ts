/** The kinds of pictures that the API takes. */
export const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'];
const LARGEST_BYTES = 31_457_280;

/** Why a file cannot be posted, before a byte of it is sent; null where it can. */
export function problemOf({ type, size }: Pick<File, 'type' | 'size'>): string | null {
  if (!TYPES.includes(type)) return 'This is no picture that can be posted: choose a JPEG, PNG, WebP, GIF or AVIF.';
  if (size === 0) return 'This file is empty.';
  if (size > LARGEST_BYTES) return 'This file is too large: a photo has 30 MiB at most.';
  return null;
}
