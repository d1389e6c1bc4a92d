import { afterTaking, rateOf, remainingPoints, waitMs } from '../../src/limits/levels.rules.js';

const NOW = 1_764_249_600_000;
const fill = (rate: ReturnType<typeof rateOf>, now: number, from = 0) => {
  let emptyAt = from;
  let taken = 0;
  while (waitMs(rate, emptyAt, now, 1) === 0) {
    emptyAt = afterTaking(rate, emptyAt, now, 1);
    taken++;
  }
  return { taken, emptyAt };
};

describe('a limit', () => {
  it.each([
    [1, 60],
    [7, 3_600],
    [300, 300],
    [997, 86_400],
    [2_000, 86_400],
    [60_000, 60],
  ])('of %d points in %d seconds lets exactly so many through at once', (points, seconds) => {
    expect(fill(rateOf(points, seconds), NOW).taken).toBe(points);
  });

  it('gives points back evenly, with no edge at which a window ends', () => {
    const rate = rateOf(60, 60);
    const { emptyAt } = fill(rate, NOW);
    expect(waitMs(rate, emptyAt, NOW, 1)).toBeCloseTo(1_000, -2);
    expect(fill(rate, NOW + 30_000, emptyAt).taken).toBe(30);
    expect(fill(rate, NOW + 60_000, emptyAt).taken).toBe(60);
    expect(fill(rate, NOW + 600_000, emptyAt).taken).toBe(60);
  });

  it('says what is left, and for how long more than that has to wait', () => {
    const rate = rateOf(100, 3_600);
    const emptyAt = afterTaking(rate, 0, NOW, 90);
    expect(remainingPoints(rate, emptyAt, NOW)).toBe(10);
    expect(waitMs(rate, emptyAt, NOW, 10)).toBe(0);
    expect(Math.ceil(waitMs(rate, emptyAt, NOW, 11) / 1_000)).toBe(36);
    expect(remainingPoints(rate, afterTaking(rate, emptyAt, NOW, 50), NOW)).toBe(0);
  });
});
