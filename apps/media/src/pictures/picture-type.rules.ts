import { fileTypeFromBuffer } from 'file-type';

const AVIF_BRANDS = ['avif', 'avis', 'MA1A', 'MA1B'];
const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx'];
const MAX_BRANDS = 32;

/** What the bytes are, whatever was announced: a content type, or undefined when they are nothing that is known. */
export async function sniffType(bytes: Buffer): Promise<string | undefined> {
  const brands = brandsOf(bytes);
  if (AVIF_BRANDS.some((brand) => brands.includes(brand))) return 'image/avif';
  if (HEIC_BRANDS.some((brand) => brands.includes(brand))) return 'image/heic';
  const sniffed = await fileTypeFromBuffer(bytes).catch(() => undefined);
  // An animated PNG is a PNG: its first frame is taken, as of every animation.
  return sniffed?.mime === 'image/apng' ? 'image/png' : sniffed?.mime;
}

/** The same picture in the words that the decoder understands: it knows an AVIF by its major brand only. */
export function readable(type: string, bytes: Buffer): Buffer {
  if (type !== 'image/avif' || brandsOf(bytes)[0] === 'avif') return bytes;
  const renamed = Buffer.from(bytes);
  renamed.write('avif', 8, 'latin1');
  return renamed;
}

/** The major brand of an ISO base media file, and those that it is compatible with. */
function brandsOf(bytes: Buffer): string[] {
  if (bytes.length < 16 || bytes.toString('latin1', 4, 8) !== 'ftyp') return [];
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 16 + 4 * MAX_BRANDS);
  const brands = [bytes.toString('latin1', 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.toString('latin1', at, at + 4));
  return brands;
}
