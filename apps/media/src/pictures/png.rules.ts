import { crc32, deflateSync } from 'node:zlib';
import { type Colours, coloursOf, coloursOfGamma, SRGB } from './colours.rules.js';

const SIGNATURE_BYTES = 8;
const HEADER_END = SIGNATURE_BYTES + 12 + 13;
const MAX_CHUNKS = 1_000;

/** The colours that a PNG tells by cICP, or by gAMA and cHRM; undefined when it is sRGB or has a profile that the decoder reads. */
export function coloursOfPng(bytes: Buffer): Colours | undefined {
  const chunks = chunksBeforePixels(bytes);
  const cicp = chunks.get('cICP');
  // What cICP tells is before all else, also before a profile that the decoder would apply.
  if (cicp?.length === 4) return coloursOf(cicp[0]!, cicp[1]!) ?? (chunks.has('iCCP') ? SRGB : undefined);
  const gamma = chunks.get('gAMA');
  if (chunks.has('iCCP') || chunks.has('sRGB') || gamma?.length !== 4 || gamma.readUInt32BE() === 0) return undefined;
  return coloursOfGamma(100_000 / gamma.readUInt32BE(), primariesOf(chunks.get('cHRM')));
}

/** The same PNG with this profile. */
export function withProfile(png: Buffer, profile: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from('iCCPc\0\0', 'latin1'), deflateSync(profile)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length - 4);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([png.subarray(0, HEADER_END), length, content, checksum, png.subarray(HEADER_END)]);
}

function primariesOf(chrm: Buffer | undefined): Colours['primaries'] | undefined {
  if (chrm?.length !== 32) return undefined;
  const xy = (index: number) =>
    [chrm.readUInt32BE(8 * index) / 100_000, chrm.readUInt32BE(8 * index + 4) / 100_000] as const;
  const [white, red, green, blue] = [xy(0), xy(1), xy(2), xy(3)];
  return [white, red, green, blue].every(([, y]) => y > 0) ? [red, green, blue, white] : undefined;
}

function chunksBeforePixels(bytes: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = SIGNATURE_BYTES, seen = 0; at + 8 <= bytes.length && seen < MAX_CHUNKS; seen++) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'IDAT') break;
    if (!chunks.has(type)) chunks.set(type, bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}
