import type { MediaRejection, MediaRejectionCode } from '@fowergram/contracts-media';

/** A picture that is refused for its own sake: trying again would change nothing. */
export class InvalidPictureError extends Error {
  constructor(readonly rejection: MediaRejection) {
    super(rejection.reason);
    this.name = 'InvalidPictureError';
  }
}

/** What cameras call 50 megapixels is up to 8736 × 5856. */
export const MAX_PIXELS = 50 * 1_024 * 1_024;
const VARIANT_WIDTHS = [320, 640, 1_080];
/** A screenshot of twelve times its width can still be read; a longer strip is shown narrower. */
const MAX_VARIANT_RATIO = 12;

/** The names by which users and the decoder know what may be uploaded. */
const FORMATS: Record<string, { name: string; decoder: string }> = {
  'image/jpeg': { name: 'JPEG', decoder: 'jpeg' },
  'image/png': { name: 'PNG', decoder: 'png' },
  'image/webp': { name: 'WebP', decoder: 'webp' },
  'image/gif': { name: 'GIF', decoder: 'gif' },
  'image/avif': { name: 'AVIF', decoder: 'heif' },
};

const ACCEPTED = 'JPEG, PNG, WebP, GIF or AVIF';
const rejection = (code: MediaRejectionCode, reason: string): MediaRejection => ({ code, reason });

export const rejections = {
  empty: rejection('EMPTY', 'The file is empty.'),
  notAPicture: rejection('NOT_A_PICTURE', `The file is not a picture that we accept: ${ACCEPTED}.`),
  heic: rejection('FORMAT_NOT_ACCEPTED', `HEIC and HEIF pictures are not accepted. Send it as ${ACCEPTED}.`),
  damaged: rejection('DAMAGED', 'The picture is damaged or incomplete.'),
  lost: rejection('UPLOAD_LOST', 'The uploaded file is not there any more. Please upload it again.'),
  notProcessed: rejection('NOT_PROCESSED', 'The picture could not be processed.'),
  wrongSize: (announced: number, actual: number) =>
    rejection('SIZE_MISMATCH', `The file has ${actual} bytes, but ${announced} were announced.`),
  otherType: (announced: string, actual: string) =>
    rejection('TYPE_MISMATCH', `The file is a ${nameOf(actual)} picture, but ${nameOf(announced)} was announced.`),
  tooManyPixels: (width: number, height: number) =>
    rejection(
      'TOO_MANY_PIXELS',
      `The picture has ${width} × ${height} pixels; at most ${Math.floor(MAX_PIXELS / 1_000_000)} million are accepted.`,
    ),
};

/** Throws unless what the bytes are is accepted, and is what was announced. */
export function checkType(announced: string, actual: string | undefined): void {
  if (actual === 'image/heic') throw new InvalidPictureError(rejections.heic);
  if (!actual || !(actual in FORMATS)) throw new InvalidPictureError(rejections.notAPicture);
  if (actual !== announced) throw new InvalidPictureError(rejections.otherType(announced, actual));
}

/** Throws unless the decoder reads the same kind of picture as the sniffer, small enough to be decoded. */
export function checkHeader(type: string, header: { format?: string; width: number; height: number }): void {
  if (header.format !== FORMATS[type]?.decoder) throw new InvalidPictureError(rejections.notAPicture);
  if (header.width * header.height > MAX_PIXELS)
    throw new InvalidPictureError(rejections.tooManyPixels(header.width, header.height));
}

/** The box that the largest variant must fit in. */
export const largestBox = { width: VARIANT_WIDTHS.at(-1)!, height: VARIANT_WIDTHS.at(-1)! * MAX_VARIANT_RATIO };

/** The widths of the variants, smallest first, given that of the largest: nothing is ever enlarged. */
export const variantWidths = (largest: number): number[] => [
  ...VARIANT_WIDTHS.filter((width) => width < largest),
  largest,
];

const nameOf = (type: string): string => FORMATS[type]?.name ?? type;
