/** What several rounds gave: the middle one and how far they lie apart. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** The value below which `share` (0–1) of the values lie; NaN for none. */
export function percentile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** Divides round by round: what a ratio of two medians would hide, drift that hit both sides of a round cancels here. */
export function ratios(ours: readonly number[], bare: readonly number[]): number[] {
  return ours.map((value, round) => value / bare[round]!);
}
