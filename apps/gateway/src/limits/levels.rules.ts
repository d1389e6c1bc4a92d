/**
 * How full a bucket is, as one number: the time at which it will be empty. Each point puts that off by its share of the window, so
 * there is no window that begins or ends, and nothing to clean up (the "generic cell rate algorithm").
 */
export type EmptyAt = number;

/** A limit as it is counted. */
export interface Rate {
  points: number;
  windowMs: number;
  msPerPoint: number;
}

export const rateOf = (points: number, seconds: number): Rate => ({
  points,
  windowMs: seconds * 1_000,
  msPerPoint: (seconds * 1_000) / points,
});

/** How full a bucket may be after points are taken; half a point more, because sums of fractions are not exact. */
export const limitMs = ({ windowMs, msPerPoint }: Rate): number => windowMs + msPerPoint / 2;

/** For how long these points have to wait: 0 when they fit now. */
export function waitMs(rate: Rate, emptyAt: EmptyAt, now: number, points: number): number {
  const after = Math.max(emptyAt - now, 0) + points * rate.msPerPoint;
  return after <= limitMs(rate) ? 0 : Math.max(after - rate.windowMs, 1);
}

export const afterTaking = (rate: Rate, emptyAt: EmptyAt, now: number, points: number): EmptyAt =>
  Math.max(emptyAt, now) + points * rate.msPerPoint;

export const remainingPoints = (rate: Rate, emptyAt: EmptyAt, now: number): number =>
  Math.max(Math.floor((limitMs(rate) - Math.max(emptyAt - now, 0)) / rate.msPerPoint), 0);
