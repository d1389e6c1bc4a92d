/** Chromaticities (x, y) of red, green, blue and white, and the light that a signal stands for; both from 0 to 1. */
export interface Colours {
  primaries: readonly [XY, XY, XY, XY];
  light: (signal: number) => number;
}

type XY = readonly [number, number];

const D65: XY = [0.3127, 0.329];
const C: XY = [0.31, 0.316];

/** ITU-T H.273, table 2. */
const PRIMARIES: Record<number, Colours['primaries']> = {
  1: [[0.64, 0.33], [0.3, 0.6], [0.15, 0.06], D65],
  4: [[0.67, 0.33], [0.21, 0.71], [0.14, 0.08], C],
  5: [[0.64, 0.33], [0.29, 0.6], [0.15, 0.06], D65],
  6: [[0.63, 0.34], [0.31, 0.595], [0.155, 0.07], D65],
  7: [[0.63, 0.34], [0.31, 0.595], [0.155, 0.07], D65],
  8: [[0.681, 0.319], [0.243, 0.692], [0.145, 0.049], C],
  9: [[0.708, 0.292], [0.17, 0.797], [0.131, 0.046], D65],
  11: [
    [0.68, 0.32],
    [0.265, 0.69],
    [0.15, 0.06],
    [0.314, 0.351],
  ],
  12: [[0.68, 0.32], [0.265, 0.69], [0.15, 0.06], D65],
  22: [[0.63, 0.34], [0.295, 0.605], [0.155, 0.077], D65],
};
const SRGB_PRIMARIES = PRIMARIES[1]!;

/** Nits of the white of a page (ITU-R BT.2408), of the brightest light that is kept apart from it, and of the end of PQ. */
const WHITE = 203;
const PEAK = 1_000;
const PQ_PEAK = 10_000;
/** Light up to here stays as it is when the highlights of a bright picture are compressed. */
const KNEE = 0.6;

const srgb = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const power = (gamma: number) => (v: number) => v ** gamma;

/** The colours of a page. */
export const SRGB: Colours = { primaries: SRGB_PRIMARIES, light: srgb };

/** ITU-T H.273, table 3; what is missing is shown as sRGB, as browsers show BT.709 and its relatives. */
const LIGHT: Record<number, Colours['light']> = {
  4: power(2.2),
  5: power(2.8),
  7: (v) => (v < 0.0912 ? v / 4 : ((v + 0.1115) / 1.1115) ** (1 / 0.45)),
  8: power(1),
  16: (v) => compressHighlights((PQ_PEAK * pq(v)) / WHITE),
  17: (v) => Math.min(1, (52.37 / 48) * v ** 2.6),
  18: (v) => compressHighlights((PEAK * hlg(v) ** 1.2) / WHITE),
};

/** The colours of code points of ITU-T H.273; undefined when they are those of sRGB. */
export function coloursOf(primaries: number, transfer: number): Colours | undefined {
  const known = PRIMARIES[primaries] ?? SRGB_PRIMARIES;
  const light = LIGHT[transfer] ?? srgb;
  return known === SRGB_PRIMARIES && light === srgb ? undefined : { primaries: known, light };
}

/** The colours of a power law, by sRGB's primaries unless others are given; undefined when nobody could tell them from sRGB. */
export function coloursOfGamma(gamma: number, primaries: Colours['primaries'] = SRGB_PRIMARIES): Colours | undefined {
  const isSrgb = primaries.every(([x, y], index) => {
    const [sx, sy] = SRGB_PRIMARIES[index]!;
    return Math.abs(x - sx) < 0.005 && Math.abs(y - sy) < 0.005;
  });
  return isSrgb && Math.abs(gamma - 2.2) < 0.1 ? undefined : { primaries, light: power(gamma) };
}

/** SMPTE ST 2084: the part of 10,000 nits. */
function pq(v: number): number {
  const root = v ** (32 / 2_523);
  return (Math.max(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (8_192 / 1_305);
}

/** ITU-R BT.2100: the part of the light of the scene. */
const hlg = (v: number) => (v <= 0.5 ? v ** 2 / 3 : (Math.exp((v - 0.55991073) / 0.17883277) + 0.28466892) / 12);

/** Brings light, of which 1 is the white of a page, into what a page can show: Reinhard's curve above the knee. */
function compressHighlights(light: number): number {
  if (light <= KNEE) return light;
  const above = (light - KNEE) / (1 - KNEE);
  const peak = (PEAK / WHITE - KNEE) / (1 - KNEE);
  return Math.min(1, KNEE + ((1 - KNEE) * above * (1 + above / peak ** 2)) / (1 + above));
}
