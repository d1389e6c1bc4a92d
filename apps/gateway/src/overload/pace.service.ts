import { Injectable } from '@nestjs/common';
import { OVERLOAD } from './overload.config.js';

const MEASURE_AFTER_MS = 100;
/** Full for nearly all of the time that was measured. */
const MOSTLY = 0.8;
/** The part of what was known that a new measurement replaces. */
const SHARE_OF_NEW = 0.5;
/** By how much both may grow without proof: what was measured is remembered for minutes, and not for ever. */
const GROWTH_PER_MS = 0.01 / 1_000;
/** Under load an operation may take half as long again as usual. */
const TIMES_USUAL = 1.5;
const MOST_POINTS_PER_MS = OVERLOAD.pointsInFlight / (TIMES_USUAL * OVERLOAD.shortestUsualMs);

/**
 * Knows how many points this process gets done, and how long an operation usually takes. How many is measured while something waits,
 * since only then it is the machine that sets the pace and not the clients; the time is that of quiet moments.
 */
@Injectable()
export class PaceService {
  // Until it was ever full nobody knows, so there is room for all that may ever be there.
  private pointsPerMs: number = MOST_POINTS_PER_MS;
  private usualMs: number = OVERLOAD.shortestUsualMs;
  private measuredAt: number | undefined;
  private full: { since: number; share: number } | undefined;
  private fullMs = 0;
  /** The time for which it was full, each part of it times the share that was full. */
  private fullShareMs = 0;
  private points = 0;
  /** Of what was executed: its points, each for as long as it took. */
  private pointMs = 0;

  now(): number {
    return performance.now();
  }

  /** The points that may be executed at a time: as many as take half as long again as usual together. */
  get inFlight(): number {
    return this.within(TIMES_USUAL * this.usualMs, OVERLOAD.pointsInFlight);
  }

  /** The points that may wait: as many as are done before the last of them has waited for too long. */
  get waiting(): number {
    return this.within(OVERLOAD.waitMs, OVERLOAD.pointsWaiting);
  }

  /** Notes the share of all room that is full from now on, so that something waits for it; undefined when nothing does. */
  noteFull(share: number | undefined): void {
    const now = this.now();
    if (this.full) {
      this.fullMs += now - this.full.since;
      this.fullShareMs += (now - this.full.since) * this.full.share;
    }
    this.full = share === undefined ? undefined : { since: now, share };
  }

  /** Notes an operation that has been executed. */
  add(points: number, ms: number): void {
    this.points += points;
    this.pointMs += points * ms;
    const elapsed = this.now() - (this.measuredAt ??= this.now() - ms);
    if (elapsed >= MEASURE_AFTER_MS) this.measure(elapsed);
  }

  private measure(elapsed: number): void {
    this.noteFull(this.full?.share);
    const growth = 1 + GROWTH_PER_MS * elapsed;
    // A share that is full tells what all of it would do.
    const pointsPerMs = (this.points / elapsed) * (this.fullMs / this.fullShareMs);
    if (this.fullMs > MOSTLY * elapsed) this.pointsPerMs = towards(this.pointsPerMs, pointsPerMs);
    else this.pointsPerMs = Math.min(this.pointsPerMs * growth, MOST_POINTS_PER_MS);
    const ms = this.pointMs / this.points;
    const grown = Math.min(ms, this.usualMs * growth);
    const usual = ms < this.usualMs ? towards(this.usualMs, ms) : grown;
    this.usualMs = Math.min(Math.max(usual, OVERLOAD.shortestUsualMs), OVERLOAD.longestUsualMs);
    this.measuredAt = this.now();
    this.fullMs = 0;
    this.fullShareMs = 0;
    this.points = 0;
    this.pointMs = 0;
  }

  private within(ms: number, most: number): number {
    return Math.min(Math.max(this.pointsPerMs * ms, OVERLOAD.leastPoints), most);
  }
}

const towards = (known: number, measured: number): number => known + (measured - known) * SHARE_OF_NEW;
