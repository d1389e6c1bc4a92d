import { OVERLOAD } from '../../src/overload/overload.config.js';
import { PaceService } from '../../src/overload/pace.service.js';

const { pointsInFlight, pointsWaiting, leastPoints, waitMs, shortestUsualMs, longestUsualMs } = OVERLOAD;

describe('The pace of a gateway', () => {
  let now: number;
  let pace: PaceService;

  beforeEach(() => {
    now = 0;
    pace = new PaceService();
    pace.now = () => now;
  });

  /** Does so many points in each millisecond for a time, each operation of 1,000 points taking so long. */
  const work = (ms: number, perMs: number, took: number) => {
    for (const until = now + ms; now < until;) {
      now += 1_000 / perMs;
      pace.add(1_000, took);
    }
  };
  const workFull = (ms: number, perMs: number, took: number) => {
    pace.noteFull(true);
    work(ms, perMs, took);
    pace.noteFull(false);
  };

  it('lets all in that there may ever be, until it was full for the first time', () => {
    expect([pace.inFlight, pace.waiting]).toEqual([pointsInFlight, pointsInFlight]);
    work(10_000, 1, 1_000);
    expect([pace.inFlight, pace.waiting]).toEqual([pointsInFlight, pointsWaiting]);
  });

  it('lets in what is done in twice the usual time, and lets wait what is done in the time to wait', () => {
    work(1_000, 100, 60);
    workFull(2_000, 200, 500);
    expect(pace.waiting / 200).toBeCloseTo(waitMs, 0);
    const usual = pace.inFlight / 200 / 2;
    expect(usual).toBeGreaterThanOrEqual(shortestUsualMs);
    expect(usual).toBeLessThan(60);
  });

  it('is that of half a second ago at most, whether the machine has become slower or faster', () => {
    workFull(2_000, 400, 100);
    workFull(500, 200, 100);
    expect(Math.abs(pace.waiting / waitMs - 200)).toBeLessThan(20);
    workFull(500, 400, 100);
    expect(Math.abs(pace.waiting / waitMs - 400)).toBeLessThan(20);
  });

  it('is not that of clients who ask for little', () => {
    workFull(2_000, 400, 100);
    const before = pace.waiting;
    work(10_000, 10, 100);
    expect(pace.waiting).toBe(before);
  });

  it('takes nothing for usual that is only so under load, but for what lasts', () => {
    workFull(2_000, 400, 25);
    const quiet = pace.inFlight;
    workFull(10_000, 400, 2_000);
    expect(pace.inFlight / quiet).toBeLessThan(1.2);
    workFull(600_000, 400, 2_000);
    expect(pace.inFlight).toBe(Math.min(400 * 2 * longestUsualMs, pointsInFlight));
    work(1_000, 100, 25);
    expect(pace.inFlight / quiet).toBeLessThan(1.2);
  });

  it('leaves room for the largest operation however slow everything is', () => {
    workFull(60_000, 1, 5_000);
    expect([pace.inFlight, pace.waiting]).toEqual([leastPoints, leastPoints]);
  });
});
