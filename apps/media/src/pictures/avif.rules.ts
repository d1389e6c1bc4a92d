import { type Colours, coloursOf } from './colours.rules.js';

interface Box {
  type: string;
  content: Buffer;
}

const MAX_BOXES = 1_000;

/** The colours that an AVIF tells by code points (nclx); undefined when it is sRGB or has a profile that the decoder reads. */
export function coloursOfAvif(bytes: Buffer): Colours | undefined {
  try {
    const descriptions = propertiesOfPrimaryItem(bytes).filter(({ type }) => type === 'colr');
    const kinds = descriptions.map(({ content }) => content.toString('latin1', 0, 4));
    const codes = descriptions[kinds.indexOf('nclx')]?.content;
    if (!codes || kinds.includes('prof') || kinds.includes('rICC')) return undefined;
    return coloursOf(codes.readUInt16BE(4), codes.readUInt16BE(6));
  } catch (error) {
    // A box that ends before what it should hold: the decoder tells whether the picture can be read.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function propertiesOfPrimaryItem(bytes: Buffer): Box[] {
  const meta = boxesIn((find(boxesIn(bytes), 'meta') ?? Buffer.alloc(0)).subarray(4));
  const primary = find(meta, 'pitm');
  const properties = boxesIn(find(meta, 'iprp') ?? Buffer.alloc(0));
  const associations = find(properties, 'ipma');
  const all = boxesIn(find(properties, 'ipco') ?? Buffer.alloc(0));
  if (!primary || !associations) return [];
  const id = primary[0] === 0 ? primary.readUInt16BE(4) : primary.readUInt32BE(4);
  return indexesOf(id, associations).flatMap((index) => all[index - 1] ?? []);
}

/** The properties of an item, counted from 1, as an ipma box lists them. */
function indexesOf(item: number, associations: Buffer): number[] {
  const [idBytes, indexBytes] = [associations[0] === 0 ? 2 : 4, associations[3]! & 1 ? 2 : 1];
  let at = 8;
  for (let left = Math.min(associations.readUInt32BE(4), MAX_BOXES); left > 0; left--) {
    const id = associations.readUIntBE(at, idBytes);
    const count = associations.readUInt8(at + idBytes);
    const first = at + idBytes + 1;
    at = first + count * indexBytes;
    if (id !== item) continue;
    const mask = indexBytes === 2 ? 0x7fff : 0x7f;
    return Array.from({ length: count }, (_, i) => associations.readUIntBE(first + i * indexBytes, indexBytes) & mask);
  }
  return [];
}

const find = (boxes: Box[], wanted: string): Buffer | undefined => boxes.find(({ type }) => type === wanted)?.content;

function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length && boxes.length < MAX_BOXES;) {
    const size = bytes.readUInt32BE(at);
    const header = size === 1 ? 16 : 8;
    const length = size === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : size === 0 ? bytes.length - at : size;
    if (length < header) break;
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), content: bytes.subarray(at + header, at + length) });
    at += length;
  }
  return boxes;
}
