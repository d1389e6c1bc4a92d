const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The pauses between ten tries: together three days. */
const PAUSES_MS = [
  5 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  12 * HOUR_MS,
  24 * HOUR_MS,
  28 * HOUR_MS,
];
/** What failed together does not come back together. */
const JITTER = 0.1;

/** How often a delivery is tried. */
export const MAX_TRIES = PAUSES_MS.length + 1;
/** A webhook that has failed only, for so long, is stopped. */
export const STOP_AFTER_DAYS = 3;
/** A webhook for which so much waits is stopped. */
export const MAX_WAITING = 100_000;
/** Deliveries to one webhook at a time, and in one process altogether. */
export const MAX_IN_FLIGHT_OF_WEBHOOK = 8;
export const MAX_IN_FLIGHT = 512;
/** A webhook that fails is tried once at a time, and rests for so long after each failure. */
export const REST_MS = SECOND_MS;

/** How long to wait after that many tries; undefined when there is no further one. */
export function pauseAfter(tries: number, random: () => number = Math.random): number | undefined {
  const pause = PAUSES_MS[tries - 1];
  return pause === undefined ? undefined : Math.round(pause * (1 + JITTER * random()));
}

/** How the body of a delivery is written: the same for each try. */
export const bodyOf = (event: string, happenedAt: Date, data: unknown): string =>
  JSON.stringify({ type: event, timestamp: happenedAt.toISOString(), data });
