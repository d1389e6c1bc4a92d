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
  const workFull = (ms: number, perMs: number, took: number, share = 1) => {
    pace.noteFull(share);
    work(ms, perMs, took);
    pace.noteFull(undefined);
  };

  it('lets all in that there may ever be, until it was full for the first time', () => {
    const waiting = Math.round(Math.min((pointsInFlight / shortestUsualMs / 1.5) * waitMs, pointsWaiting));
    expect([pace.inFlight, Math.round(pace.waiting)]).toEqual([pointsInFlight, waiting]);
    work(10_000, 1, 1_000);
    expect([pace.inFlight, Math.round(pace.waiting)]).toEqual([pointsInFlight, waiting]);
  });

  it('lets in what is done in half as long again as usual, and lets wait what is done in the time to wait', () => {
    work(1_000, 100, 60);
    workFull(2_000, 400, 500);
    expect(pace.waiting / 400).toBeCloseTo(waitMs, 0);
    const usual = pace.inFlight / 400 / 1.5;
    expect(usual).toBeGreaterThanOrEqual(shortestUsualMs);
    expect(usual).toBeLessThan(60);
  });

  it('is that of half a second ago at most, whether the machine has become slower or faster', () => {
    workFull(2_000, 800, 100);
    workFull(500, 400, 100);
    expect(Math.abs(pace.waiting / waitMs - 400)).toBeLessThan(40);
    workFull(500, 800, 100);
    expect(Math.abs(pace.waiting / waitMs - 800)).toBeLessThan(40);
  });

  it('is not that of clients who ask for little, and is forgotten after minutes in which nothing waits', () => {
    workFull(2_000, 400, 100);
    const before = pace.waiting;
    work(10_000, 10, 100);
    expect(pace.waiting / before).toBeGreaterThan(1);
    expect(pace.waiting / before).toBeLessThan(1.2);
    work(600_000, 10, 100);
    expect(pace.inFlight).toBe(pointsInFlight);
  });

  it('takes nothing for usual that is only so under load, but for what lasts', () => {
    workFull(2_000, 400, 25);
    const quiet = pace.inFlight;
    workFull(10_000, 400, 2_000);
    expect(pace.inFlight / quiet).toBeLessThan(1.2);
    workFull(600_000, 400, 2_000);
    expect(pace.inFlight).toBe(Math.min(400 * 1.5 * longestUsualMs, pointsInFlight));
    workFull(1_000, 400, 25);
    expect(pace.inFlight / quiet).toBeLessThan(1.2);
  });

  it('is that of the whole when only a share of it is full', () => {
    workFull(2_000, 160, 25, 0.4);
    expect(pace.waiting / waitMs).toBeCloseTo(400, 0);
  });

  it('leaves room for the largest operation however slow everything is', () => {
    workFull(60_000, 1, 5_000);
    expect([pace.inFlight, pace.waiting]).toEqual([leastPoints, leastPoints]);
  });
});
