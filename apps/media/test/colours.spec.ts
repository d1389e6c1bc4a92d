import { readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { InvalidPictureError } from '../src/pictures/picture.rules.js';
import { renderPicture } from '../src/pictures/render-picture.js';
import { type Colour, drawing, farthest, middles, PLAIN, quarters, TOLERANCE, upright } from './quarters.js';

/** What 180,60,60 · 80,160,80 · 70,90,180 of Display P3 are in sRGB. */
const FROM_P3: Colour[] = [
  [196, 47, 54],
  [38, 162, 69],
  [65, 91, 186],
  [200, 200, 200],
];
const file = (name: string): Buffer => readFileSync(new URL(`./cases/${name}`, import.meta.url));

describe('The colours of a picture', () => {
  it.each([
    ['png16-no-profile.png', PLAIN],
    ['png16-srgb-profile.png', PLAIN],
    ['png16-p3-profile.png', FROM_P3],
    ['png8-p3-profile.png', FROM_P3],
    ['png-cicp-p3.png', FROM_P3],
    ['avif10-srgb-profile.avif', PLAIN],
    ['avif-nclx-p3.avif', FROM_P3],
    ['avif-major-brand-mif1.avif', PLAIN],
    ['avif-animated.avif', PLAIN],
    ['jpeg-without-eoi.jpg', PLAIN],
  ])('are shown as they were meant (%s)', async (name, expected) => {
    const type = `image/${name.split('.')[1]!.replace('jpg', 'jpeg')}`;
    expect(farthest(await quarters(await renderPicture(file(name), type)), expected)).toBeLessThanOrEqual(TOLERANCE);
  });

  describe.each(['none', 'srgb', 'p3'])('with the profile %s', (profile) => {
    describe.each([1, 3, 6, 8])('in the orientation %i', (orientation) => {
      it.each<[string, string, (picture: Sharp) => Sharp]>([
        ['an 8-bit PNG', 'image/png', (picture) => picture.png()],
        ['a 16-bit PNG', 'image/png', (picture) => picture.toColourspace('rgb16').png()],
        ['a JPEG', 'image/jpeg', (picture) => picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })],
        ['a WebP', 'image/webp', (picture) => picture.webp({ lossless: true })],
        ...([8, 10, 12] as const).map((bitdepth): [string, string, (picture: Sharp) => Sharp] => [
          `an AVIF of ${bitdepth} bits`,
          'image/avif',
          (picture) =>
            (bitdepth === 8 ? picture : picture.toColourspace('rgb16')).avif({
              bitdepth,
              quality: 95,
              chromaSubsampling: '4:4:4',
              effort: 0,
            }),
        ]),
      ])('are those of the reference in %s', async (_container, type, encode) => {
        const picture = await drawing(PLAIN, orientation);
        const bytes = await encode(profile === 'none' ? picture : picture.withIccProfile(profile)).toBuffer();
        const expected = await upright(PLAIN, orientation);
        const rendition = await renderPicture(bytes, type);
        expect([rendition.width, rendition.height]).toEqual([expected.info.width, expected.info.height]);
        expect(farthest(await quarters(rendition), middles(expected))).toBeLessThanOrEqual(TOLERANCE);
      });
    });
  });

  it('of a high dynamic range are brought into that of a page: the white of a page stays light, and greys stay grey', async () => {
    const actual = await quarters(await renderPicture(file('avif-nclx-bt2020-pq.avif'), 'image/avif'));
    // 200/255 of PQ is 1,593 nits, nearly eight times the white of a page.
    expect(actual[3]).toEqual([255, 255, 255]);
    expect(
      farthest(actual.slice(0, 3), [
        [180, 60, 60],
        [80, 160, 80],
        [70, 90, 180],
      ]),
    ).toBeGreaterThan(TOLERANCE);
  });
});

describe('A picture of a camera or of a tool', () => {
  it('may have 50 megapixels', async () => {
    expect(await renderPicture(file('png-8160x6144.png'), 'image/png')).toMatchObject({ width: 8_160, height: 6_144 });
  });

  it('may be a GIF whose frame is smaller than its canvas: around it there is nothing', async () => {
    const rendition = await renderPicture(file('gif-frame-smaller-than-canvas.gif'), 'image/gif');
    expect(rendition).toMatchObject({ width: 192, height: 128 });
    const { data, info } = await sharp(rendition.variants[0]!.bytes).raw().toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)];
    expect([info.channels, at(150, 30)[3], at(24, 100)[3], at(24, 16)[3]]).toEqual([4, 0, 0, 255]);
  });

  it.each(['mif1', 'miaf', 'MA1B', 'MA1A', 'avis'])('may be an AVIF whose major brand is %s', async (brand) => {
    const bytes = file('avif-animated.avif');
    bytes.write(brand, 8, 'latin1');
    expect(await renderPicture(bytes, 'image/avif')).toMatchObject({ width: 96, height: 64 });
  });

  it('is rejected as HEIC, and not as no picture', async () => {
    const bytes = Buffer.from('\0\0\0\u0018ftypheic\0\0\0\0mif1heic', 'latin1');
    await expect(renderPicture(bytes, 'image/avif')).rejects.toThrow(/HEIC/);
  });

  it.each([0.5, 0.9, 0.98])('is damaged when only %f of a JPEG came, also with a mark at its end', async (part) => {
    const noise = sharp({
      create: {
        width: 400,
        height: 300,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', mean: 128, sigma: 30 },
      },
    });
    const whole = await noise.jpeg().toBuffer();
    const cut = whole.subarray(0, Math.floor(whole.length * part));
    await expect(renderPicture(cut, 'image/jpeg')).rejects.toThrow(InvalidPictureError);
  });

  it('may be a long screenshot: it keeps a width that can be read', async () => {
    const long = await sharp({ create: { width: 1_080, height: 12_000, channels: 3, background: '#eee' } })
      .png()
      .toBuffer();
    expect((await renderPicture(long, 'image/png')).variants.at(-1)).toMatchObject({ width: 1_080, height: 12_000 });
  });
});
