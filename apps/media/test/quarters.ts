import sharp, { type Sharp } from 'sharp';
import type { Rendition } from '../src/pictures/render-picture.js';

/** Red, green and blue, from 0 to 255. */
export type Colour = readonly [number, number, number];

/** The colours of the drawing: top left, top right, bottom left, bottom right. */
export const PLAIN: Colour[] = [
  [220, 40, 40],
  [40, 180, 60],
  [50, 70, 210],
  [200, 200, 200],
];
/** Lossy codecs and 8 bits of depth may be off by so much. */
export const TOLERANCE = 8;

interface Raw {
  data: Buffer;
  info: { width: number; height: number; channels: number };
}

/** A picture of four quarters, each in one colour, stored in an orientation and without a profile. */
export async function drawing(colours = PLAIN, orientation = 1): Promise<Sharp> {
  const quarter = ([r, g, b]: Colour) => ({
    create: { width: 48, height: 32, channels: 3 as const, background: { r, g, b } },
  });
  const composed = await sharp({ create: { width: 96, height: 64, channels: 3, background: '#000' } })
    .composite(
      colours.map((colour, index) => ({ input: quarter(colour), left: 48 * (index % 2), top: index < 2 ? 0 : 32 })),
    )
    .png()
    .toBuffer();
  // An orientation is written together with a profile, which keepExif leaves behind again.
  const lying = await sharp(composed).withMetadata({ orientation }).png().toBuffer();
  return sharp(lying, { ignoreIcc: true }).keepExif();
}

/** The colours of the drawing as they are seen the right way up, and its size then. */
export async function upright(colours: Colour[], orientation: number): Promise<Raw> {
  const lying = await (await drawing(colours, orientation)).png().toBuffer();
  return sharp(lying).rotate().raw().toBuffer({ resolveWithObject: true });
}

/** The colours in the middle of the four quarters of the largest variant. */
export async function quarters({ variants }: Rendition): Promise<number[][]> {
  return middles(await sharp(variants.at(-1)!.bytes).raw().toBuffer({ resolveWithObject: true }));
}

/** The colours in the middle of the four quarters of pixels. */
export function middles({ data, info }: Raw): number[][] {
  return [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ].map(([x, y]) => {
    const at = (Math.floor(y! * info.height) * info.width + Math.floor(x! * info.width)) * info.channels;
    return [...data.subarray(at, at + 3)];
  });
}

/** The largest difference of one band of one colour. */
export const farthest = (actual: number[][], expected: readonly (readonly number[])[]): number =>
  Math.max(
    ...expected.flatMap((colour, index) => colour.map((value, band) => Math.abs(value - actual[index]![band]!))),
  );
