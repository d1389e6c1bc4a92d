export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

const MAX_BLOCKS = 10_000;

/** The place of a GIF's first picture on its canvas; undefined when it covers it, or when the file is none that can be read. */
export function smallerFrame(bytes: Buffer): Frame | undefined {
  try {
    const at = firstPictureAt(bytes);
    if (at === undefined) return undefined;
    const [left, top, width, height] = [1, 3, 5, 7].map((offset) => bytes.readUInt16LE(at + offset));
    const [canvasWidth, canvasHeight] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
    const frame = { left: left!, top: top!, width: width!, height: height! };
    const isInside = frame.left + frame.width <= canvasWidth && frame.top + frame.height <= canvasHeight;
    const covers = frame.width === canvasWidth && frame.height === canvasHeight;
    return isInside && !covers && frame.width > 0 && frame.height > 0 ? frame : undefined;
  } catch (error) {
    // The file ends within a block: the decoder tells whether the picture can be read.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function firstPictureAt(bytes: Buffer): number | undefined {
  let at = 13 + colourTableBytes(bytes.readUInt8(10));
  for (let blocks = 0; blocks < MAX_BLOCKS && bytes.readUInt8(at) === 0x21; blocks++) {
    for (at += 2; bytes.readUInt8(at) !== 0 && blocks < MAX_BLOCKS; blocks++) at += 1 + bytes.readUInt8(at);
    at += 1;
  }
  return bytes.readUInt8(at) === 0x2c ? at : undefined;
}

const colourTableBytes = (packed: number): number => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);
