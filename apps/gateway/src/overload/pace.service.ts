import { Injectable } from '@nestjs/common';
import { OVERLOAD } from './overload.config.js';

const MEASURE_AFTER_MS = 100;
/** Full for nearly all of the time that was measured. */
const FULL_SHARE = 0.8;
/** The part of what was known that a new measurement replaces. */
const SHARE_OF_NEW = 0.5;
/** By how much the usual time may grow: what was quick is remembered through minutes of load, and not for ever. */
const GROWTH_PER_MS = 0.01 / 1_000;

/**
 * Knows how many points this process gets done, and how long an operation usually takes. How many is measured while something waits,
 * since only then it is the machine that sets the pace and not the clients; the time is that of quiet moments.
 */
@Injectable()
export class PaceService {
  // Until it was ever full nobody knows, so there is room for all that may ever be there.
  private pointsPerMs: number = OVERLOAD.pointsInFlight / (2 * OVERLOAD.shortestUsualMs);
  private usualMs: number = OVERLOAD.shortestUsualMs;
  private measuredAt: number | undefined;
  private fullSince: number | undefined;
  private fullMs = 0;
  private points = 0;
  /** Of what was executed: its points, each for as long as it took. */
  private pointMs = 0;

  now(): number {
    return performance.now();
  }

  /** The points that may be executed at a time: as many as take twice the usual time together. */
  get inFlight(): number {
    return this.within(2 * this.usualMs, OVERLOAD.pointsInFlight);
  }

  /** The points that may wait: as many as are done before the last of them has waited for too long. */
  get waiting(): number {
    return this.within(OVERLOAD.waitMs, OVERLOAD.pointsWaiting);
  }

  /** Notes whether something waits from now on. */
  noteFull(isFull: boolean): void {
    const now = this.now();
    if (this.fullSince !== undefined) this.fullMs += now - this.fullSince;
    this.fullSince = isFull ? now : undefined;
  }

  /** Notes an operation that has been executed. */
  add(points: number, ms: number): void {
    this.points += points;
    this.pointMs += points * ms;
    const elapsed = this.now() - (this.measuredAt ??= this.now() - ms);
    if (elapsed >= MEASURE_AFTER_MS) this.measure(elapsed);
  }

  private measure(elapsed: number): void {
    this.noteFull(this.fullSince !== undefined);
    if (this.fullMs > FULL_SHARE * elapsed) this.pointsPerMs = towards(this.pointsPerMs, this.points / elapsed);
    const ms = this.pointMs / this.points;
    const grown = Math.min(ms, this.usualMs * (1 + GROWTH_PER_MS * elapsed));
    const usual = ms < this.usualMs ? towards(this.usualMs, ms) : grown;
    this.usualMs = Math.min(Math.max(usual, OVERLOAD.shortestUsualMs), OVERLOAD.longestUsualMs);
    this.measuredAt = this.now();
    this.fullMs = 0;
    this.points = 0;
    this.pointMs = 0;
  }

  private within(ms: number, most: number): number {
    return Math.min(Math.max(this.pointsPerMs * ms, OVERLOAD.leastPoints), most);
  }
}

const towards = (known: number, measured: number): number => known + (measured - known) * SHARE_OF_NEW;
