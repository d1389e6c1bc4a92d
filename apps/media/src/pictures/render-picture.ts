import { encode } from 'blurhash';
import sharp from 'sharp';
import type { StoredVariant } from '../media/media.repository.js';
import { decoded, decodeLargest, type Pixels } from './decode-picture.js';
import { readable, sniffType } from './picture-type.rules.js';
import { checkHeader, checkType, InvalidPictureError, rejections, variantWidths } from './picture.rules.js';

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

const BLURHASH_SIDE = 32;
const WEBP = { quality: 80, effort: 4 };
const CONTENT_TYPE = 'image/webp';

/**
 * Makes everything that is shown of a picture, without I/O. The bytes come from a stranger: their header is read before anything
 * is decoded, and they are decoded once. Throws InvalidPictureError for what is wrong with them.
 */
export async function renderPicture(original: Buffer, type: string): Promise<Rendition> {
  if (original.length === 0) throw new InvalidPictureError(rejections.empty);
  checkType(type, await sniffType(original));
  const bytes = readable(type, original);
  const header = await decoded(() => sharp(bytes, { limitInputPixels: false }).metadata());
  checkHeader(type, header);
  const largest = await decodeLargest(type, bytes, header);
  const { width, height } = header.autoOrient;
  const variants: RenderedVariant[] = [];
  for (const variantWidth of variantWidths(largest.info.width))
    variants.push(await renderVariant(largest, variantWidth));
  return { width, height, blurhash: await blurhashOf(largest), variants };
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
