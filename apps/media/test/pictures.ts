import sharp, { type Sharp } from 'sharp';

/** A picture with enough in it to be worth encoding: red at the top left, and a gradient of blue. */
function drawing(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isCorner = x < width / 4 && y < height / 4;
      pixels.set(
        isCorner ? [230, 20, 20] : [30, Math.round((120 * y) / height), Math.round((255 * x) / width)],
        (y * width + x) * 3,
      );
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** A JPEG as a phone held upright makes it: stored lying on its side, with a camera, a place, XMP and a wide colour profile. */
export function phonePhoto(width = 1_600, height = 1_200): Promise<Buffer> {
  return drawing(width, height)
    .withExif({
      IFD0: { Make: 'Acme', Model: 'Phone 1' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '52/1 31/1 12/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '13/1 24/1 18/1',
      },
    })
    .withMetadata({ orientation: 6 })
    .withIccProfile('p3')
    .withXmp(
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="secret"/></rdf:RDF></x:xmpmeta>',
    )
    .jpeg({ quality: 90 })
    .toBuffer();
}

export const plainJpeg = (width = 64, height = 48): Promise<Buffer> => drawing(width, height).jpeg().toBuffer();

/** Every kind of picture that may be uploaded, by its content type. */
export const pictureOf: Record<string, () => Promise<Buffer>> = {
  'image/jpeg': () => plainJpeg(400, 300),
  'image/png': () => drawing(400, 300).png().toBuffer(),
  'image/webp': () => drawing(400, 300).webp().toBuffer(),
  'image/avif': () => drawing(400, 300).avif({ effort: 0 }).toBuffer(),
  'image/gif': () => drawing(400, 300).gif().toBuffer(),
};

/** Two frames, the first all green and the second all red. */
export async function animation(format: 'gif' | 'webp'): Promise<Buffer> {
  const frame = (background: string) =>
    sharp({ create: { width: 60, height: 40, channels: 3, background } })
      .png()
      .toBuffer();
  const frames = sharp([await frame('#00ff00'), await frame('#ff0000')], { join: { animated: true } });
  return (format === 'gif' ? frames.gif() : frames.webp({ lossless: true })).toBuffer();
}

/** The kinds of pixels that decoders stumble over. */
export const oddPixels: Record<string, () => Promise<Buffer>> = {
  'grey with 16 bits': () => drawing(50, 40).toColourspace('grey16').png().toBuffer(),
  'a palette': () => drawing(50, 40).png({ palette: true }).toBuffer(),
  transparency: () =>
    sharp({ create: { width: 50, height: 40, channels: 4, background: { r: 0, g: 0, b: 255, alpha: 0.3 } } })
      .png()
      .toBuffer(),
  'one pixel': () => drawing(1, 1).png().toBuffer(),
  'a strip': () =>
    sharp({ create: { width: 20, height: 9_000, channels: 3, background: '#123456' } })
      .png()
      .toBuffer(),
};

export const cmykJpeg = (): Promise<Buffer> => drawing(50, 40).toColourspace('cmyk').jpeg().toBuffer();
