import { type FileTypeResult } from 'file-type';

/** A picture that is refused for its own sake, in words for the user who sent it: trying again would change nothing. */
export class InvalidPictureError extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'InvalidPictureError';
  }
}

export const MAX_PIXELS = 50_000_000;
const VARIANT_WIDTHS = [320, 640, 1_080];
/** A strip of a screenshot is shown narrower rather than as tall as it is. */
const MAX_VARIANT_RATIO = 4;

/** The names under which the content sniffer and the decoder know what may be uploaded. */
const FORMATS: Record<string, { name: string; decoder: string }> = {
  'image/jpeg': { name: 'JPEG', decoder: 'jpeg' },
  'image/png': { name: 'PNG', decoder: 'png' },
  'image/webp': { name: 'WebP', decoder: 'webp' },
  'image/gif': { name: 'GIF', decoder: 'gif' },
  'image/avif': { name: 'AVIF', decoder: 'heif' },
};

export const reasons = {
  empty: 'The file is empty.',
  notAPicture: 'The file is not a picture that we accept: JPEG, PNG, WebP, GIF or AVIF.',
  damaged: 'The picture is damaged or incomplete.',
  lost: 'The uploaded file is not there any more. Please upload it again.',
  notProcessed: 'The picture could not be processed.',
  wrongSize: (announced: number, actual: number) => `The file has ${actual} bytes, but ${announced} were announced.`,
  otherType: (announced: string, actual: string) =>
    `The file is a ${nameOf(actual)} picture, but ${nameOf(announced)} was announced.`,
  tooManyPixels: (width: number, height: number) =>
    `The picture has ${width} × ${height} pixels; at most ${MAX_PIXELS / 1_000_000} million are accepted.`,
};

/** What the bytes are, whatever was announced; throws unless both are the same accepted kind of picture. */
export function acceptedType(announced: string, sniffed: FileTypeResult | undefined): string {
  // An animated PNG is a PNG: its first frame is taken, as of every animation.
  const actual = sniffed?.mime === 'image/apng' ? 'image/png' : sniffed?.mime;
  if (!actual || !(actual in FORMATS)) throw new InvalidPictureError(reasons.notAPicture);
  if (actual !== announced) throw new InvalidPictureError(reasons.otherType(announced, actual));
  return actual;
}

/** Throws unless the decoder reads the same kind of picture as the sniffer, small enough to be decoded. */
export function checkHeader(type: string, header: { format?: string; width: number; height: number }): void {
  if (header.format !== FORMATS[type]?.decoder) throw new InvalidPictureError(reasons.notAPicture);
  if (header.width * header.height > MAX_PIXELS)
    throw new InvalidPictureError(reasons.tooManyPixels(header.width, header.height));
}

/** The box that the largest variant must fit in. */
export const largestBox = { width: VARIANT_WIDTHS.at(-1)!, height: VARIANT_WIDTHS.at(-1)! * MAX_VARIANT_RATIO };

/** The widths of the variants, smallest first, given that of the largest: nothing is ever enlarged. */
export const variantWidths = (largest: number): number[] => [
  ...VARIANT_WIDTHS.filter((width) => width < largest),
  largest,
];

const nameOf = (type: string): string => FORMATS[type]?.name ?? type;
