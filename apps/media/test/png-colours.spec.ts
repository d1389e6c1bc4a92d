import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { renderPicture } from '../src/pictures/render-picture.js';
import { type Colour, drawing, farthest, middles, quarters, TOLERANCE, upright } from './quarters.js';

/** In Display P3, too, all of them are colours that sRGB has. */
const SOFT: Colour[] = [
  [180, 60, 60],
  [80, 160, 80],
  [70, 90, 180],
  [200, 200, 200],
];
const SIGNATURE_AND_HEADER = 33;

function chunk(type: string, content: number[] | Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(content)]);
  return Buffer.concat([integers(named.length - 4), named, integers(crc32(named))]);
}

function integers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}

const gama = (encoded: number) => chunk('gAMA', integers(encoded));
const chrm = (...primaries: number[]) => chunk('cHRM', integers(31_270, 32_900, ...primaries));
const OF_SRGB = chrm(64_000, 33_000, 30_000, 60_000, 15_000, 6_000);
const OF_P3 = chrm(68_000, 32_000, 26_500, 69_000, 15_000, 6_000);
const CICP_SRGB = chunk('cICP', [1, 13, 0, 1]);
const CICP_P3 = chunk('cICP', [12, 13, 0, 1]);

type Light = (signal: number) => number;
const power =
  (gamma: number): Light =>
  (v) =>
    v ** gamma;
const srgb: Light = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const toSrgb = (light: number) => (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);

const SAME = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
/** From light of Display P3 to light of sRGB, as the CSS Color module gives it. */
const FROM_P3 = [
  [1.2249402, -0.2249402, 0],
  [-0.0420569, 1.0420569, 0],
  [-0.0196376, -0.0786507, 1.0982884],
];

/** What the colours of a file are on a page, by the formulas and by no code of ours. */
const shown = (light: Light, matrix: number[][]): Colour[] =>
  SOFT.map((colour) => {
    const linear = colour.map((value) => light(value / 255));
    const rows = matrix.map((row) => row.reduce((sum, factor, band) => sum + factor * linear[band]!, 0));
    return rows.map((value) => Math.round(255 * toSrgb(Math.min(1, Math.max(0, value))))) as unknown as Colour;
  });

/** A file with the pixels of SOFT, of which chunks say what they mean. */
async function aPng(isDeep: boolean, orientation: number, chunks: Buffer[], profile?: string): Promise<Buffer> {
  const picture = await drawing(SOFT, orientation);
  if (isDeep) picture.toColourspace('rgb16');
  // A profile that is put on changes the pixels with it: those of P3 are no longer SOFT.
  if (profile) picture.withIccProfile(profile);
  const png = await picture.png().toBuffer();
  return Buffer.concat([png.subarray(0, SIGNATURE_AND_HEADER), ...chunks, png.subarray(SIGNATURE_AND_HEADER)]);
}

describe('The colours that chunks of a PNG tell', () => {
  describe.each([8, 16])('with %i bits', (depth) => {
    describe.each([1, 6])('in the orientation %i', (orientation) => {
      it.each<[string, Buffer[], Light, number[][]]>([
        ['gAMA of sRGB', [gama(45_455)], power(2.2), SAME],
        ['gAMA of 1.8', [gama(55_556)], power(1.8), SAME],
        ['gAMA of light itself', [gama(100_000)], power(1), SAME],
        ['gAMA and cHRM of sRGB', [gama(45_455), OF_SRGB], power(2.2), SAME],
        ['gAMA of 1.8 and cHRM of sRGB', [gama(55_556), OF_SRGB], power(1.8), SAME],
        ['gAMA and cHRM of P3', [gama(45_455), OF_P3], power(2.2), FROM_P3],
        ['gAMA of 1.8 and cHRM of P3', [gama(55_556), OF_P3], power(1.8), FROM_P3],
        ['cICP of P3', [CICP_P3], srgb, FROM_P3],
        ['cICP of P3, which is before gAMA and cHRM', [CICP_P3, gama(100_000), OF_SRGB], srgb, FROM_P3],
        ['cICP of sRGB, which is before gAMA', [CICP_SRGB, gama(100_000)], srgb, SAME],
        ['sRGB, which is before gAMA and cHRM', [chunk('sRGB', [0]), gama(100_000), OF_P3], srgb, SAME],
      ])('are those of the formulas: %s', async (_name, chunks, light, matrix) => {
        const rendition = await renderPicture(await aPng(depth === 16, orientation, chunks), 'image/png');
        const expected = middles(await upright(shown(light, matrix), orientation));
        expect(farthest(await quarters(rendition), expected)).toBeLessThanOrEqual(TOLERANCE);
      });
    });

    it('are those of a profile when gAMA says something else', async () => {
      const png = await aPng(depth === 16, 1, [gama(100_000)], 'p3');
      expect(farthest(await quarters(await renderPicture(png, 'image/png')), SOFT)).toBeLessThanOrEqual(TOLERANCE);
    });

    it('are those of cICP when a profile says something else', async () => {
      const pixels = middles(
        await sharp(await aPng(depth === 16, 1, [], 'p3'), { ignoreIcc: true })
          .raw()
          .toBuffer({ resolveWithObject: true }),
      );
      expect(farthest(pixels, SOFT)).toBeGreaterThan(TOLERANCE);
      const png = await aPng(depth === 16, 1, [CICP_SRGB], 'p3');
      expect(farthest(await quarters(await renderPicture(png, 'image/png')), pixels)).toBeLessThanOrEqual(TOLERANCE);
    });
  });

  it.each([
    ['of no length', chunk('gAMA', [])],
    ['of zero', gama(0)],
    ['of which nothing is left', gama(4_294_967_295)],
    ['of a curve that is nearly flat', gama(1)],
  ])('are refused or shown when gAMA is one %s', async (_name, bad) => {
    const rendition = renderPicture(await aPng(true, 1, [bad]), 'image/png');
    const outcome = await rendition.then(
      ({ width }) => String(width),
      (error: Error) => error.name,
    );
    expect(outcome).toMatch(/^(96|InvalidPictureError)$/);
  });
});
