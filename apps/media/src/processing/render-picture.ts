import { encode } from 'blurhash';
import { fileTypeFromBuffer } from 'file-type';
import sharp, { type OutputInfo } from 'sharp';
import type { StoredVariant } from '../media/media.repository.js';
import {
  acceptedType,
  checkHeader,
  largestBox,
  MAX_PIXELS,
  InvalidPictureError,
  reasons,
  variantWidths,
} from './picture.rules.js';

export interface RenderedVariant extends StoredVariant {
  bytes: Buffer;
}
export interface Rendition {
  /** Of the whole picture, the right way up. */
  width: number;
  height: number;
  blurhash: string;
  variants: RenderedVariant[];
}

interface Pixels {
  data: Buffer;
  info: OutputInfo;
}

const DECODE_SECONDS = 20;
const BLURHASH_SIDE = 32;
const WEBP = { quality: 80, effort: 4 };
const CONTENT_TYPE = 'image/webp';

/**
 * Makes everything that is shown of a picture, without I/O. The bytes come from a stranger: their header is read before anything
 * is decoded, and they are decoded once. Throws InvalidPictureError for what is wrong with them.
 */
export async function renderPicture(bytes: Buffer, announcedType: string): Promise<Rendition> {
  if (bytes.length === 0) throw new InvalidPictureError(reasons.empty);
  const type = acceptedType(announcedType, await fileTypeFromBuffer(bytes).catch(() => undefined));
  const header = await decoded(sharp(bytes, { limitInputPixels: false }).metadata());
  checkHeader(type, header);
  const largest = await decodeLargest(bytes);
  const { width, height } = header.autoOrient;
  const variants: RenderedVariant[] = [];
  for (const variantWidth of variantWidths(largest.info.width))
    variants.push(await renderVariant(largest, variantWidth));
  return { width, height, blurhash: await blurhashOf(largest), variants };
}

/**
 * The pixels of the largest variant. Only pixels go on from here, so that no place, device, thumbnail or colour profile of the
 * original can be in a variant: orientation and colours are applied, everything else is left behind.
 */
function decodeLargest(bytes: Buffer): Promise<Pixels> {
  return decoded(
    sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 })
      .rotate()
      .resize({ ...largestBox, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .timeout({ seconds: DECODE_SECONDS })
      .raw()
      .toBuffer({ resolveWithObject: true }),
  );
}

async function renderVariant(largest: Pixels, width: number): Promise<RenderedVariant> {
  const { data, info } = await picture(largest).resize({ width }).webp(WEBP).toBuffer({ resolveWithObject: true });
  return {
    name: `w${info.width}`,
    width: info.width,
    height: info.height,
    contentType: CONTENT_TYPE,
    byteSize: data.length,
    bytes: data,
  };
}

async function blurhashOf(largest: Pixels): Promise<string> {
  const { data, info } = await picture(largest)
    .resize({ width: BLURHASH_SIDE, height: BLURHASH_SIDE, fit: 'inside' })
    .flatten({ background: '#ffffff' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const isWide = info.width >= info.height;
  return encode(new Uint8ClampedArray(data), info.width, info.height, isWide ? 4 : 3, isWide ? 3 : 4);
}

const picture = ({ data, info }: Pixels) =>
  sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });

/** What the decoder cannot read is the failure of the picture itself. */
async function decoded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw Object.assign(new InvalidPictureError(reasons.damaged), { cause: error });
  }
}
