import sharp, { type Metadata, type OutputInfo, type Sharp } from 'sharp';
import { coloursOfAvif } from './avif.rules.js';
import type { Colours } from './colours.rules.js';
import { type Frame, smallerFrame } from './gif.rules.js';
import { iccProfile } from './icc-profile.rules.js';
import { InvalidPictureError, largestBox, MAX_PIXELS, rejections } from './picture.rules.js';
import { coloursOfPng, withProfile } from './png.rules.js';

export interface Pixels {
  data: Buffer;
  info: OutputInfo;
}

type Header = Pick<Metadata, 'width' | 'height' | 'depth'>;

const DECODE_SECONDS = 20;
const END_OF_JPEG = Buffer.from([0xff, 0xd9]);

/**
 * The pixels of the largest variant, in sRGB. Only pixels go on from here, so that no place, device, thumbnail or colour profile of
 * the original can be in a variant: orientation and colours are applied, everything else is left behind.
 */
export function decodeLargest(type: string, bytes: Buffer, header: Header): Promise<Pixels> {
  return decoded(async () => {
    try {
      return await decode(type, bytes, header);
    } catch (error) {
      // Many a camera and many an upload loses the mark at the end, and no pixel. Without pixels the decoder warns.
      if (type !== 'image/jpeg') throw error;
      return decode(type, Buffer.concat([bytes, END_OF_JPEG]), header, 'warning');
    }
  });
}

/** What the decoder cannot read is the failure of the picture itself. */
export async function decoded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw Object.assign(new InvalidPictureError(rejections.damaged), { cause: error });
  }
}

async function decode(
  type: string,
  bytes: Buffer,
  header: Header,
  failOn: 'error' | 'warning' = 'error',
): Promise<Pixels> {
  const open = (ignoreIcc = false) => sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn, pages: 1, ignoreIcc });
  const colours = coloursFor(type, bytes);
  const frame = type === 'image/gif' ? smallerFrame(bytes) : undefined;
  const reduced = colours
    ? sharp(await profiled(reduce(open(true)), colours, header))
    : frame
      ? placed(open(), frame, header)
      : reduce(open());
  // In sRGB from the first step on: the decoder's own way for deep pictures applies a profile to values that it has changed already.
  return reduced
    .pipelineColourspace('srgb')
    .toColourspace('srgb')
    .timeout({ seconds: DECODE_SECONDS })
    .raw()
    .toBuffer({ resolveWithObject: true });
}

const reduce = (picture: Sharp): Sharp =>
  picture.rotate().resize({ ...largestBox, fit: 'inside', withoutEnlargement: true });

/** The decoder knows colours by profiles only: those that a file tells in another way become one. */
function coloursFor(type: string, bytes: Buffer): Colours | undefined {
  if (type === 'image/png') return coloursOfPng(bytes);
  return type === 'image/avif' ? coloursOfAvif(bytes) : undefined;
}

async function profiled(picture: Sharp, colours: Colours, { depth }: Header): Promise<Buffer> {
  const space = depth === 'ushort' ? 'rgb16' : 'srgb';
  const png = await picture
    .pipelineColourspace(space)
    .toColourspace(space)
    .timeout({ seconds: DECODE_SECONDS })
    .png({ compressionLevel: 1 })
    .toBuffer();
  return withProfile(png, iccProfile(colours));
}

/** A frame at its place on the canvas, with nothing around it. */
function placed(picture: Sharp, frame: Frame, { width, height }: Header): Sharp {
  const scale = Math.min(1, largestBox.width / width, largestBox.height / height);
  const [left, right] = [frame.left, frame.left + frame.width].map((x) => Math.round(x * scale));
  const [top, bottom] = [frame.top, frame.top + frame.height].map((y) => Math.round(y * scale));
  return picture
    .extract(frame)
    .resize({ width: Math.max(1, right! - left!), height: Math.max(1, bottom! - top!), fit: 'fill' })
    .ensureAlpha()
    .extend({
      left: left!,
      top: top!,
      right: Math.max(0, Math.round(width * scale) - right!),
      bottom: Math.max(0, Math.round(height * scale) - bottom!),
      background: { r: 0, g: 0, b: 0, alpha: 0 },
    });
}
