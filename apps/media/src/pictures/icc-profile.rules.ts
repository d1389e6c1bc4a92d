import type { Colours } from './colours.rules.js';

const CURVE_ENTRIES = 4_096;
const HEADER_BYTES = 128;
const D50 = [0.9642, 1, 0.8249];
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

type Matrix = number[][];

/** An ICC profile (version 2, matrix and curve) of these colours, for decoders that know colours by profiles only. */
export function iccProfile({ primaries, light }: Colours): Buffer {
  const columns = adaptedPrimaries(primaries);
  const curve = curveTag(light);
  return assemble([
    ['desc', Buffer.concat([ascii('desc'), uint32(0), uint32(2), ascii('c\0'), Buffer.alloc(78)])],
    ['cprt', Buffer.concat([ascii('text'), uint32(0), ascii('CC0\0')])],
    ['wtpt', xyzTag(D50)],
    ...(['r', 'g', 'b'] as const).map((name, index): Tag => [`${name}XYZ`, xyzTag(columns.map((row) => row[index]!))]),
    ...(['r', 'g', 'b'] as const).map((name): Tag => [`${name}TRC`, curve]),
  ]);
}

type Tag = [signature: string, content: Buffer];

function assemble(tags: Tag[]): Buffer {
  let at = HEADER_BYTES + 4 + 12 * tags.length;
  const directory: Buffer[] = [uint32(tags.length)];
  const contents: Buffer[] = [];
  for (const [signature, content] of tags) {
    directory.push(ascii(signature), uint32(at), uint32(content.length));
    const padded = Buffer.concat([content, Buffer.alloc(-content.length & 3)]);
    contents.push(padded);
    at += padded.length;
  }
  return Buffer.concat([header(at), ...directory, ...contents]);
}

function header(size: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32BE(size, 0);
  bytes.writeUInt32BE(0x02100000, 8);
  bytes.write('mntrRGB XYZ ', 12, 'latin1');
  bytes.write('acsp', 36, 'latin1');
  Buffer.concat(D50.map(fixed)).copy(bytes, 68);
  return bytes;
}

/** The XYZ of full red, green and blue as columns, as an eye sees them that has adapted to D50. */
function adaptedPrimaries([red, green, blue, white]: Colours['primaries']): Matrix {
  const toXyz = ([x, y]: readonly [number, number]) => [x / y, 1, (1 - x - y) / y];
  const columns = transpose([toXyz(red), toXyz(green), toXyz(blue)]);
  const whiteXyz = toXyz(white);
  const amounts = apply(inverse(columns), whiteXyz);
  const linear = columns.map((row) => row.map((value, index) => value * amounts[index]!));
  const from = apply(BRADFORD, whiteXyz);
  const to = apply(BRADFORD, D50);
  const scaled = BRADFORD.map((row, index) => row.map((value) => (value * to[index]!) / from[index]!));
  return multiply(multiply(inverse(BRADFORD), scaled), linear);
}

function curveTag(light: Colours['light']): Buffer {
  const entries = Buffer.alloc(2 * CURVE_ENTRIES);
  for (let index = 0; index < CURVE_ENTRIES; index++)
    entries.writeUInt16BE(Math.round(65_535 * Math.min(1, Math.max(0, light(index / (CURVE_ENTRIES - 1))))), 2 * index);
  return Buffer.concat([ascii('curv'), uint32(0), uint32(CURVE_ENTRIES), entries]);
}

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const xyzTag = (xyz: number[]): Buffer => Buffer.concat([ascii('XYZ '), uint32(0), ...xyz.map(fixed)]);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** ICC's s15Fixed16Number. */
function fixed(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Math.round(value * 65_536));
  return bytes;
}

const transpose = (m: Matrix): Matrix => m[0]!.map((_, column) => m.map((row) => row[column]!));
const apply = (m: Matrix, v: number[]): number[] =>
  m.map((row) => row.reduce((sum, value, i) => sum + value * v[i]!, 0));
const multiply = (a: Matrix, b: Matrix): Matrix => transpose(transpose(b).map((column) => apply(a, column)));

function inverse(m: Matrix): Matrix {
  const at = (row: number, column: number) => m[row % 3]![column % 3]!;
  const cofactor = (row: number, column: number) =>
    at(row + 1, column + 1) * at(row + 2, column + 2) - at(row + 1, column + 2) * at(row + 2, column + 1);
  const determinant = [0, 1, 2].reduce((sum, column) => sum + at(0, column) * cofactor(0, column), 0);
  return [0, 1, 2].map((row) => [0, 1, 2].map((column) => cofactor(column, row) / determinant));
}
