import exifr from 'exifr';
import sharp from 'sharp';
import { mediaEvent, type Media, mediaPush } from '@fowergram/contracts-media';
import { newId } from '@fowergram/database';
import { bombPng, eventually } from '@fowergram/testing';
import { animation, cmykJpeg, oddPixels, phonePhoto, pictureOf, plainJpeg } from './pictures.js';
import { type ImageType, openWorld, type World } from './world.js';

describe('A picture', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world?.close());

  describe('of a phone', () => {
    let original: Buffer;
    let media: Media;
    let variants: { bytes: Buffer; response: Response }[];

    beforeAll(async () => {
      original = await phonePhoto(1_600, 1_200);
      media = await world.process(original);
      variants = await Promise.all(media.variants.map((variant) => download(variant.url)));
    });

    it('becomes READY, the right way up, in variants of which none is enlarged', () => {
      expect(media).toMatchObject({ status: 'READY', rejectionReason: null, width: 1_200, height: 1_600 });
      expect(media.variants.map(({ name, width, height }) => [name, width, height])).toEqual([
        ['w320', 320, 427],
        ['w640', 640, 853],
        ['w1080', 1_080, 1_440],
      ]);
      expect(media.blurhash).toMatch(/^[\w#$%*+,\-.:;=?@[\]^{|}~]{20,}$/);
    });

    it('is what the addresses of its variants lead to', async () => {
      for (const [index, { bytes, response }] of variants.entries()) {
        const { width, height, byteSize, contentType } = media.variants[index]!;
        expect([response.status, response.headers.get('content-type'), bytes.length]).toEqual([
          200,
          contentType,
          byteSize,
        ]);
        expect(response.headers.get('cache-control')).toMatch(/private.*immutable/);
        expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width, height });
      }
    });

    it('was turned as the phone was held', async () => {
      // Orientation 6 asks for a quarter turn to the right, which takes the red corner from the top left to the top right.
      const { width } = media.variants[0]!;
      const [red, , blue] = await pixelAt(variants[0]!.bytes, width - 10, 10);
      expect(red).toBeGreaterThan(180);
      expect(blue).toBeLessThan(80);
    });

    it('carries nothing of its place, its device or its colour profile any more', async () => {
      expect(await exifr.gps(original)).toMatchObject({ latitude: expect.closeTo(52.52, 1) });
      expect(await sharp(original).metadata()).toMatchObject({
        orientation: 6,
        exif: expect.anything(),
        icc: expect.anything(),
        xmp: expect.anything(),
      });
      for (const { bytes } of variants) {
        expect(await exifr.parse(bytes, true).catch(() => undefined)).toBeUndefined();
        const { exif, icc, xmp, iptc, orientation, hasProfile } = await sharp(bytes).metadata();
        expect({ exif, icc, xmp, iptc, orientation, hasProfile }).toEqual({ hasProfile: false });
        expect(bytes.includes('Acme') || bytes.includes('secret')).toBe(false);
      }
    });

    it('leaves nothing but its variants in the store', async () => {
      expect(await world.objectsOf(media.id)).toEqual(
        ['w1080', 'w320', 'w640'].map((name) => `variants/${media.id}/${name}.webp`),
      );
    });

    it('is nothing but a picture to a browser, and stays out of shared caches', async () => {
      for (const { url } of media.variants) {
        const { headers } = await fetch(url);
        expect(Object.fromEntries(headers)).toMatchObject({
          'content-type': 'image/webp',
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, max-age=31536000, immutable',
        });
      }
    });

    it('cannot be read without a signature, with that of another picture or with a wrong one', async () => {
      const { url } = media.variants[0]!;
      const other = new URL(media.variants[1]!.url);
      const statuses = await Promise.all(
        [url.split('?')[0]!, `${url.split('?')[0]!}${other.search}`, `${url}0`].map(
          async (address) => (await fetch(address)).status,
        ),
      );
      expect(statuses).toEqual([403, 403, 403]);
      expect((await fetch(`${world.storeUrl}/${world.bucket}?list-type=2`)).status).toBe(403);
    });
  });

  it('notifies its owner and the other services when it is ready', async () => {
    const ownerId = newId();
    const notifiedOf: string[] = [];
    const stop = world.messaging.bus.onPush(ownerId, mediaPush.updated, ({ mediaId }) => notifiedOf.push(mediaId));
    await world.messaging.nats.flush();
    const media = await world.process(await plainJpeg(), 'image/jpeg', ownerId);
    await eventually(() => notifiedOf.length > 0);
    stop();
    expect(notifiedOf).toEqual([media.id]);
    expect((await world.published(mediaEvent.ready)).filter((event) => event.ownerId === ownerId)).toEqual([
      { mediaId: media.id, ownerId },
    ]);
  });

  it.each(Object.keys(pictureOf))('may be %s', async (contentType) => {
    const media = await world.process(await pictureOf[contentType]!(), contentType as ImageType);
    expect(media).toMatchObject({ status: 'READY', width: 400, height: 300 });
    expect(media.variants.map((variant) => variant.name)).toEqual(['w320', 'w400']);
  });

  it.each(['gif', 'webp'] as const)('that moves is shown as its first frame (%s)', async (format) => {
    const media = await world.process(await animation(format), `image/${format}`);
    expect(media).toMatchObject({ status: 'READY', width: 60, height: 40 });
    const { bytes } = await download(media.variants[0]!.url);
    expect((await sharp(bytes).metadata()).pages ?? 1).toBe(1);
    const [red, green] = await pixelAt(bytes, 30, 20);
    expect([red! < 60, green! > 200]).toEqual([true, true]);
  });

  it.each(Object.keys(oddPixels))('may have %s', async (kind) => {
    const media = await world.process(await oddPixels[kind]!(), 'image/png');
    expect(media).toMatchObject({ status: 'READY', rejectionReason: null });
  });

  it('may be made for print', async () => {
    expect(await world.process(await cmykJpeg())).toMatchObject({ status: 'READY', width: 50, height: 40 });
  });

  it.each<[string, () => Promise<Buffer> | Buffer, ImageType, RegExp]>([
    [
      'is a page of HTML named .jpg',
      () => Buffer.from('<!doctype html><script>alert(1)</script>'),
      'image/jpeg',
      /not a picture/,
    ],
    [
      'is an SVG',
      () => Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
      'image/png',
      /not a picture/,
    ],
    [
      'is an SVG without a prologue',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'image/png',
      /not a picture/,
    ],
    ['is a PDF', () => Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj<<>>endobj'), 'image/jpeg', /not a picture/],
    [
      'is a TIFF',
      async () =>
        sharp(await plainJpeg())
          .tiff()
          .toBuffer(),
      'image/jpeg',
      /not a picture/,
    ],
    ['is zeroes', () => Buffer.alloc(500), 'image/jpeg', /not a picture/],
    ['is a PNG that was announced as a JPEG', () => pictureOf['image/png']!(), 'image/jpeg', /PNG.*JPEG/],
    ['claims 50,000 × 50,000 pixels', () => bombPng(50_000, 50_000), 'image/png', /50000 × 50000.*52 million/],
    ['claims 8,000 × 7,000 pixels', () => bombPng(8_000, 7_000), 'image/png', /8000 × 7000/],
    ['has fewer pixels than it claims', () => bombPng(4_000, 4_000), 'image/png', /damaged/],
    ['is cut off in the middle', async () => cut(await phonePhoto(800, 600), 0.6), 'image/jpeg', /damaged/],
    ['is cut off just before its end', async () => cut(await phonePhoto(800, 600), 0.98), 'image/jpeg', /damaged/],
    ['is a PNG that is cut off', async () => cut(await pictureOf['image/png']!(), 0.5), 'image/png', /damaged/],
    ['is a WebP that is cut off', async () => cut(await pictureOf['image/webp']!(), 0.5), 'image/webp', /damaged/],
    [
      'is the header of a JPEG and nothing else',
      async () => (await plainJpeg()).subarray(0, 24),
      'image/jpeg',
      /damaged/,
    ],
  ])('is rejected with its reason, and nothing of it stays, when it %s', async (_what, make, contentType, reason) => {
    const media = await world.process(await make(), contentType);
    expect(media).toMatchObject({
      status: 'REJECTED',
      rejectionReason: expect.stringMatching(reason),
      rejectionCode: expect.stringMatching(/^[A-Z_]+$/),
      variants: [],
      width: null,
    });
    expect(await world.objectsOf(media.id)).toEqual([]);
    const published = (await world.published(mediaEvent.rejected)).filter((event) => event.mediaId === media.id);
    expect(published).toEqual([
      { mediaId: media.id, ownerId: media.ownerId, code: media.rejectionCode, reason: media.rejectionReason },
    ]);
  });
});

const cut = (bytes: Buffer, part: number): Buffer => bytes.subarray(0, Math.floor(bytes.length * part));

async function download(url: string): Promise<{ bytes: Buffer; response: Response }> {
  const response = await fetch(url);
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

async function pixelAt(bytes: Buffer, left: number, top: number): Promise<number[]> {
  return [...(await sharp(bytes).extract({ left, top, width: 1, height: 1 }).raw().toBuffer())];
}
